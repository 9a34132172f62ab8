\set FETCH_COUNT 2
select g from generate_series(1, 5) g;
select g from generate_series(1, 4) g;
select g from generate_series(1, 2) g;
select 1 as a where false;
create table t (a int);
insert into t values (1), (2), (3) returning a;
select * from t;
values (1), (2), (3);
table t;
with x as (select 1 as a) select * from x;
select 1/(3 - g) as x from generate_series(1, 5) g;
select 'after' as a;
\echo :ROW_COUNT :ERROR
