-- options: -c 'create temp table t (a int)' -c 'insert into t values (1)' -c '\set x 5' -c 'begin'
select * from t;
select :x as x;
rollback;
