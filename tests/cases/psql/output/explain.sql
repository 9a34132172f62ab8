create table t (a int primary key, b text);
explain (costs off) select * from t where a = 1;
explain (costs off, format json) select 1;
explain (costs off, format yaml) select 1;
explain (costs off, verbose) select a, b from t order by b;
\pset format unaligned
explain (costs off) select * from t where a = 1;
\pset format csv
explain (costs off) select * from t where a = 1;
\x
explain (costs off) select * from t where a = 1;
