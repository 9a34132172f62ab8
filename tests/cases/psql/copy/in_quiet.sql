-- options: -q
create table t (a int);
copy t from stdin;
1
\.
copy t to stdout;
