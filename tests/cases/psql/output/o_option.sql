-- options: -o out.txt
select 1 as a;
\echo stdout
\o
select 2 as b;
