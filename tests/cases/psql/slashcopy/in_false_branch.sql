create table t (a int);
\if false
\copy t from 'nosuch'
\copy t from stdin
\copy (select '
\endif
\echo end
select count(*) from t;
