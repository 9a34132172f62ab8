\timing
select 1 as a;
create table t (a int);
select 1/0;
\echo meta
select 2 as b \; select 3 as c;
select 4 as d \gset
select 'select 5 as e' \gexec
select 6 as f \gdesc
\timing off
select 7 as g;
\timing on
copy t to stdout;
\timing maybe
\timing
\timing
