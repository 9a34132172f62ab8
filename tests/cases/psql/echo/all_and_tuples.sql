-- options: -a -t -A
select 1 as a, 2 as b;
\pset format csv
select 1 as a, 2 as b;
