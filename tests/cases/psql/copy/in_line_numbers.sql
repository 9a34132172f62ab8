create table t (a int);
copy t from stdin;
1
2
3
\.
select 1/0;
copy t from stdin;
x
\.
select 1/0;
