select 1 as keep \gset
select 2 as keep where false \gset
\echo :keep :ROW_COUNT :ERROR
select generate_series(1, 3) as keep \gset
\echo :keep :ROW_COUNT
select \gset
\echo :ROW_COUNT
create table t (a int) \gset
insert into t values (1) \gset
insert into t values (2) returning a as inserted \gset
\echo :inserted
select 1/0 as keep \gset
\echo :keep :ERROR :SQLSTATE
select 7 as again;
\gset
\echo :again
\gset pre_
\echo :pre_again
;
\gset
begin \gset
commit \gset
