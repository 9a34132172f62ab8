-- options: -a -o out.txt
select 1 as a;
\echo to stdout
\qecho to out.txt
create table t (a int);
\o
select 2 as b;
