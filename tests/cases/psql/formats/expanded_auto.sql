-- env: COLUMNS=30
\x auto
select 1 as a;
select repeat('x', 100) as b;
\pset columns 20
select repeat('x', 30) as b, 1 as c;
select repeat('x', 5) as b, 1 as c;
select 1 as a, 2 as b, 3 as c, 4 as d, 5 as e, 6 as f, 7 as g;
\pset format wrapped
select repeat('x', 30) as b, 1 as c;
select repeat('x y ', 30) as b;
\pset border 2
select 1 as a, 2 as b, 3 as c, 4 as d, 5 as e, 6 as f, 7 as g;
\pset format unaligned
select repeat('x', 30) as b, 1 as c;
\pset format csv
select repeat('x', 30) as b, 1 as c;
\pset format html
select repeat('x', 30) as b, 1 as c;
