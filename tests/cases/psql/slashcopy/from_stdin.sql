create table t (a int, b text);
\copy t from stdin
1	one
2	two
\.
\copy t from stdin csv
3,"three, really"
\.
\copy t from pstdin
select * from t;
\i inc_copies.txt
select * from t;
