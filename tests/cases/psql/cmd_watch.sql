-- \watch until the query fails
create table t (a int);
insert into t select count(*)+1 from t where 1/(3-(select count(*) from t)) > 0 \watch 0.01
\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
\p
delete from t;
\pset title 'My title'
\set ECHO queries
insert into t select count(*)+1 from t where 1/(3-(select count(*) from t)) > 0 returning a \watch 0.01
\set ECHO errors
delete from t;
select 1/0 \watch 1
\set ECHO none
\o out.txt
delete from t;
insert into t select count(*)+1 from t where 1/(3-(select count(*) from t)) > 0 returning a \watch 0.01
\o
\timing on
select 1/(select 0);
\watch 0.1
\r
\watch
\pset format csv
delete from t;
insert into t select count(*)+1 from t where 1/(3-(select count(*) from t)) > 0 returning a \watch 0.01
delete from t;
insert into t select count(*)+1 from t where 1/(3-(select count(*) from t)) > 0 returning a \; select count(*) from t \watch 0.01
\pset title
\timing off
\pset format aligned
\errverbose
select nosuch \watch 0.1
select 1/0 \watch
select 1/0 \watch 0
\set ON_ERROR_STOP on
select 1/0 \watch 0.5
select 'not reached';
