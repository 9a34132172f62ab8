\set ON_ERROR_ROLLBACK on
begin;
create table t (a int);
insert into t values (1);
select 1/0;
insert into t values (2);
select * from t;
commit;
select count(*) from t;
begin;
savepoint mine;
select 1/0;
select 1 as alive;
rollback to mine;
commit;
\set ON_ERROR_ROLLBACK interactive
begin;
select 1/0;
select 2;
rollback;
