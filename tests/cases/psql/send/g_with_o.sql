\o out.txt
select 1 as a;
select 2 as a \g other.txt
select 3 as a \g
select 4 as a \g |cat
\qecho in out.txt
\echo on stdout
\o
select 5 as a;
