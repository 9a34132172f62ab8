create table t (a int);
copy nosuch from stdin;
not data
\.
select 1;
\copy nosuch from stdin
select 'x';
\.
\copy nosuch from pstdin
select 2;
copy t from stdin \g
x
\.
copy t from stdin;
1
\.
select * from t;
\echo :ERROR
copy nosuch from stdin \gset
5
\.
copy nosuch from stdin \gdesc
5
\.
\echo :SQLSTATE
select 'copy nosuch from stdin' \gexec
select 3;
\.
select 'copy nosuch from stdin; copy nosuch from stdin' \gexec
select 4;
\.
select 5;
\.
copy t from stdin\; copy nosuch from stdin\; copy t from stdin;
11
\.
select 12;
\.
13
\.
select * from t;
\set AUTOCOMMIT off
copy nosuch from stdin;
14
\.
copy t from stdin;
15
\.
rollback;
\set AUTOCOMMIT on
begin;
select 1/0;
copy t from stdin;
16
\.
rollback;
\set x 'copy nosuch from stdin'
:x;
17;
\.
explain copy t from stdin;
18;
copy (select 1) from stdin;
19;
\.
copy t to stdout;
copy t from 'stdin';
copy t(a) from stdin with csv;
x
\.
