\set ON_ERROR_ROLLBACK on
\set AUTOCOMMIT off
create table t (a int primary key);
insert into t values (1);
insert into t values (1);
insert into t values (2);
commit;
select * from t;
copy t from stdin;
3
3
\.
select count(*) from t;
select 1 \; select 1/0;
select 5 as five;
begin;
rollback;
