-- options: -L log.txt
select 1 as a;
create table t (a int);
insert into t values (1) returning a;
select 1/0;
\echo not logged
\x
select * from t;
\pset format csv
select * from t;
select 2 as b \g out.txt
select 3 as c \gset
copy t to stdout;
\o out2.txt
select 4 as d;
