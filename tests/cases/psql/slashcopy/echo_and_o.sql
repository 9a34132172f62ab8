-- options: -e
create table t (a int);
\copy t from program 'seq 3'
\o out.txt
\copy t to stdout
\copy t to pstdout
\o
\copy (select * from t where a > 1) to stdout
\timing on
\copy t to stdout
