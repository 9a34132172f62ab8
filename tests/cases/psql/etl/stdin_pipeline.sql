-- options: --stdin -qAt -F ,
create table t (a int, b text);
copy t from stdin with (delimiter ',');
1,x
2,y
\.
select * from t;
\o |sort -r
select * from t;
\o
select count(*) from t;
