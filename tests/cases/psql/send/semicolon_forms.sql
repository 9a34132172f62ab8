select 1 as a \; select 2 as b;
select 1 as a \; select 2 as b \; select 3 as c \g
create table t (a int) \; insert into t values (1) \; select * from t;
select 1 as a \; select 1/0 \; select 3 as c;
select 'between' as x;
begin \; insert into t values (2) \; rollback;
select * from t;
insert into t values (3) \; select 1/0;
select * from t;
select 1 as a \;
;
\; select 5 as e;
\;
;
\; \; ;
select 1 as a \; \; select 2 as b;
\set SHOW_ALL_RESULTS off
select 1 as a \; select 2 as b;
insert into t values (4) \; select 6 as f \; create table u (a int);
select 1 as a \; select 1/0;
\echo :ERROR :ROW_COUNT
select 1 \; select 2 as z \gset
\echo :z
