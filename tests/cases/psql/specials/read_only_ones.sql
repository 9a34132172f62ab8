\echo :DBNAME :USER :ENCODING :SERVER_VERSION_NUM
\set DBNAME x
\set USER y
\set HOST z
\set PORT 1
\echo :DBNAME :USER :HOST :PORT
select current_user;
\set ENCODING LATIN1
\echo :ENCODING
\encoding
\set ROW_COUNT 99
\echo :ROW_COUNT
\set ERROR x
select 1;
\echo :ERROR :ROW_COUNT
\set SERVER_VERSION_NUM 5
\echo :SERVER_VERSION_NUM
\set LASTOID 7
\echo :LASTOID
create table t (a int);
\echo :LASTOID
