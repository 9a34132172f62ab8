-- options: -1
create table t (a int);
\i inc_insert.txt
select count(*) from t;
