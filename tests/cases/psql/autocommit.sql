\set AUTOCOMMIT off
create table t (a int);
insert into t values (1);
rollback;
select * from t;
rollback;
begin;
create table t (a int);
commit;
select * from t;
commit;
vacuum;
\set AUTOCOMMIT on
select * from t;
