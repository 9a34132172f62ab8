-- options: -e
select 1 as a;
-- comment
select 2 -- inner
  as b;
\set x 5
select :x as x;
\echo meta
select 1/0;
select 3 as c \; select 4 as d;
select 5 as e \gset
select 'select 6 as f' \gexec
select 7 as g \gdesc
create table t (a int);
copy t from stdin;
1
\.
select * from t \gx
