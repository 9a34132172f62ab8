-- options: -a
create table t (a int, b text);
copy t from stdin;
1	one
2	two
\.
copy t to stdout;
select * from t;
