create table t (a int);
begin;
copy t from stdin;
1
2
\.
select count(*) from t;
rollback;
select count(*) from t;
