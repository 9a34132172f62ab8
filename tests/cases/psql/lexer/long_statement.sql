select string_agg('select ' || g || ' as a', ' union all ') as q from generate_series(1, 500) g \gset
select count(*) from (:q) s;
select length(repeat('x', 100000)) as n;
\set long `head -c 20000 /dev/zero | tr '\0' y`
select length(:'long') as n;
select md5(:'long') as m;
