create table t (a int, b text, c numeric);
copy t from stdin;
1	one	1.5
2	two words	\N
\N	\\N	-3
4	tab\there\nand newline	0
5	漢字 é	1e3
\.
select * from t;
\echo :ROW_COUNT :ERROR
copy t (b, a) from stdin;
x	7
\.
select count(*) from t;
