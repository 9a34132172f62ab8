-- options: -qAt -F ,
create table t (a int);
insert into t values (1), (null);
select a, a from t;
\pset null N
select a, a from t;
update t set a = 2 where a is null;
delete from t returning a;
