create table t (a int);
copy nosuch from stdin;
\echo data of the first
\.
copy t from stdin\; select 1/0\; copy t from stdin;
1
\.
\echo data of the second
\.
copy nosuch from stdin\; copy nosuch from stdin;
\echo one
\.
\echo two
\.
select 1/0\; copy t from stdin;
\echo data behind
\.
/* a remark */ copy "odd ;" (a, b) from stdin (format csv) where a in (select 1);
\echo data, "
\.
select 'from stdin', 1/0;
\echo no data
copy (select 1 from stdin) to stdout;
\echo no data either
explain copy t from stdin;
\echo nor here
copy nosuch from stdin \g
\echo data of \g
\.
\copy nosuch from stdin csv
\echo data of \copy
\.
\copy nosuch from nosuch
\echo behind
select * from t;
