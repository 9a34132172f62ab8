-- options: --stdin
create table t (a int);
copy t from stdin;
1
2
\.
select sum(a) from t;
copy t from stdin;
3
