create table t (a int);
insert into t values (1), (2) returning a;
update t set a = a + 1 returning a;
delete from t returning a as gone;
\t
insert into t values (1) returning a;
\pset footer off
\t
insert into t values (1) returning a;
\pset format unaligned
insert into t values (1) returning a;
\pset format csv
insert into t values (1) returning a;
\pset format html
insert into t values (1) returning a;
update t set a = 1 where false returning a;
merge into t using (values (1)) v(x) on t.a = v.x when matched then delete;
