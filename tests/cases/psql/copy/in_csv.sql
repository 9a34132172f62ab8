create table t (a int, b text);
copy t from stdin with (format csv, header true);
a,b
1,"quoted, comma"
2,"two
lines"
3,"say ""hi"""
4,
5,""
\.
select * from t;
copy t from stdin (format csv, delimiter ';', null 'NULL', quote '''');
6;'it''s'
7;NULL
\.
select * from t where a > 5;
