with recursive t(n) as (values (1) union all select n + 1 from t where n < 5)
select n, sum(n) over (order by n) as running, lag(n) over (order by n), rank() over (order by n % 2) from t order by n;
select grouping(a, b), a, b, count(*) from (values (1, 'x'), (1, 'y'), (2, 'x')) v(a, b) group by rollup (a, b) order by 1, 2, 3;
select * from (values (1, 'a'), (2, 'b')) v(id, name) cross join lateral (select repeat(name, id)) r(x);
select percentile_cont(0.5) within group (order by g) from generate_series(1, 4) g;
select string_agg(g::text, ',' order by g desc), array_agg(g), json_agg(g) from generate_series(1, 3) g;
select case when true then 'yes' end as c, coalesce(null, 'x'), nullif(1, 1), greatest(1, 2);
