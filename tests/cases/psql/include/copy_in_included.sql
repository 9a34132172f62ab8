create table t (a int, b text);
\i inc_copy.txt
select * from t order by a;
