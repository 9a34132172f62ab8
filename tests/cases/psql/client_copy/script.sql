-- options: --stdin --together
create table t (id int, word text);
\copy t from stdin
1	one
2	two
\.
\copy t from stdin csv
3,three
4,"fo
ur"
\.
\COPY t FROM STDIN CSV
\.
\Copy t to stdout
\SET x
select 'between';
\copy t from pstdin
5	five
\.
copy t from stdin;
6	six
\.
\copy nosuch from stdin
\echo not data
\copy t from stdin csv
bad,line
\.
\o out.txt
\copy t to stdout
\copy t to pstdout
\copy t to 'file.txt'
\o
\! cat out.txt file.txt
\set ECHO queries
\copy t ( id ) from stdin
11
\.
\copy (select  1,2 ) to stdout   csv
\set QUIET on
\copy t to 'file2.txt'
\copy t from 'file2.txt'
\set ON_ERROR_STOP on
\copy t from nosuch
select 'never';
