-- options: -v ON_ERROR_STOP=1
begin;
create table t (a int);
select pg_terminate_backend(pg_backend_pid());
\echo never
