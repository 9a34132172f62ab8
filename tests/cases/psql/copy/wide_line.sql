create table t (a text);
\! (echo 'copy t from stdin;'; head -c 200000 /dev/zero | tr '\0' w; echo; echo '\.') > load.sql
\i load.sql
select length(a) from t;
