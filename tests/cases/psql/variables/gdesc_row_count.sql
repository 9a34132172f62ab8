select 1 as a, 2 as b \gdesc
\echo :ERROR :SQLSTATE :ROW_COUNT
select 1/0;
create table t (a int) \gdesc
\echo :ERROR :SQLSTATE :ROW_COUNT
select nosuch \gdesc
\echo :ERROR :SQLSTATE :ROW_COUNT
\pset border 1 `echo run` :ROW_COUNT
\pset border 1 `echo :ROW_COUNT ":'x'`
\if false
\echo `echo run
\endif
