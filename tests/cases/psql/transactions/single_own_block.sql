-- options: -1
create table t (a int);
begin;
insert into t values (1);
commit;
insert into t values (2);
select * from t;
rollback;
