\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE [:LAST_ERROR_MESSAGE]
select 1;
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE [:LAST_ERROR_MESSAGE]
select nosuch;
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE [:LAST_ERROR_MESSAGE]
create table t (a int);
\echo :ERROR :SQLSTATE :ROW_COUNT
insert into t values (1), (2), (3);
\echo :ERROR :SQLSTATE :ROW_COUNT
update t set a = 2 where a = 1;
\echo :ROW_COUNT
delete from t;
\echo :ROW_COUNT
select * from t;
\echo :ROW_COUNT
do $$ begin raise exception E'two\nlines %', 'é'; end $$;
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE [:LAST_ERROR_MESSAGE]
\nosuch
\echo :ERROR :SQLSTATE
begin;
select 1/0;
select 2;
\echo :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
rollback;
;
\echo :ERROR :SQLSTATE :ROW_COUNT
