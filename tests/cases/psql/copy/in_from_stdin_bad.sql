-- options: --stdin
create table t (a int);
copy t from stdin;
1
oops
\.
select sum(a) from t;
