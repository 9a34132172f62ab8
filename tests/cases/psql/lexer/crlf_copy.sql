create table t (a text, b text);
copy t from stdin;
1	2
3	4
\.
select * from t;
