create table t (a int);
copy t from stdin;
\.
select * from t;
copy t from stdin \; select 'after' as a;
1
\.
select 'before' as b \; copy t from stdin;
2
\.
select * from t;
