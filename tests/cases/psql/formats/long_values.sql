select repeat('0123456789', 500) as a, 1 as b;
\x
select repeat('0123456789', 500) as a, 1 as b;
\pset format wrapped
\pset columns 77
select repeat('0123456789', 500) as a, 1 as b;
\x
select repeat('0123456789', 500) as a, 1 as b;
