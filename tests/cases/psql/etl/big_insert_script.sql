select 'insert into t values ' || string_agg('(' || g || ', ''row ' || g || ''')', ', ') as q from generate_series(1, 2000) g \gset
create table t (a int, b text);
:q;
select count(*), max(b) from t;
