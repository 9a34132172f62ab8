\set AUTOCOMMIT off
\echo :AUTOCOMMIT
create table t (a int);
insert into t values (1);
\set AUTOCOMMIT on
select count(*) from t;
rollback;
select count(*) from t;
\set AUTOCOMMIT off
select 1 as a;
commit;
commit;
begin;
create table u (a int);
rollback;
vacuum;
create database autocommit_x template template0;
drop database autocommit_x;
select * from u;
select 1;
rollback;
\unset AUTOCOMMIT
select 2;
rollback;
\set AUTOCOMMIT
\echo :AUTOCOMMIT
