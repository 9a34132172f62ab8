create table t (a int, b text);
\! (echo 'copy t from stdin;'; seq 1 5000 | sed 's/$/	x/'; echo '\.') > load.sql
\i load.sql
select count(*), sum(a) from t;
