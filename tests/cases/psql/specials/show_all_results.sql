\set SHOW_ALL_RESULTS off
select 1 as a \; select 2 as b;
create table t (a int) \; insert into t values (1) \; select * from t;
select * from t \; create table u (a int);
select 1 as a \; select 1/0 \; select 3;
select 1 as a \; select 2 as b where false;
select 1 as a \; select 2 as b \g out.txt
\set SHOW_ALL_RESULTS on
select 1 as a \; select 2 as b;
