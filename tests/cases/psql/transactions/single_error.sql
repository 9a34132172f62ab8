-- options: -1
create table t (a int);
select 1/0;
insert into t values (1);
select * from t;
