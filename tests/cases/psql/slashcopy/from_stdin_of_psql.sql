-- options: --stdin
create table t (a int);
\copy t from stdin
1
2
\.
\copy t from pstdin
3
\.
select * from t;
