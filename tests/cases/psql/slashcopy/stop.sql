-- options: -v ON_ERROR_STOP=1
create table t (a int);
\copy t from 'nosuch'
\echo never
