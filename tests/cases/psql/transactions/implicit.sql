create table t (a int);
insert into t values (1) \; insert into t values (2) \; select 1/0;
select count(*) from t;
insert into t values (1) \; commit \; insert into t values (2) \; select 1/0;
select count(*) from t;
begin \; insert into t values (5) \; commit;
select count(*) from t;
