create table t (a int primary key, b text);
copy t from stdin;
1	one
x	bad
3	three
\.
select * from t;
copy t from stdin;
1	too	many
\.
copy t from stdin;
1
\.
copy t from stdin;
1	a
1	b
\.
select count(*) from t;
\echo :ERROR :SQLSTATE
select 'after' as a;
