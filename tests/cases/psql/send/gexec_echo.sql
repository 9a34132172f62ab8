\set ECHO queries
select 'select 1 as a', 'create table t (a int)' \gexec
\set ECHO errors
select 'select 1/0', 'select 2 as b' \gexec
\set ECHO all
select format('comment on table t is %L', 'x') \gexec
select 'select * from t' \gexec
