begin;
select 1/0;
select 1;
create table t (a int);
\echo :SQLSTATE
rollback;
begin;
savepoint s;
select 1/0;
rollback to s;
select 'alive' as a;
release s;
release nosuch;
commit;
select 'after' as a;
