select generate_series(1, 3), generate_series(1, 2);
select unnest(array['a', null, 'c']) with_null;
select * from unnest(array[1, 2], array['x']) as u(a, b);
select * from generate_series(timestamp '2024-01-01', '2024-01-02', '12 hours') g;
select * from json_to_recordset('[{"a":1,"b":"x"},{"a":2}]') as j(a int, b text);
select (regexp_matches('a1b2', '[a-z](\d)', 'g'))[1];
select * from (values (1, 'a'), (2, 'b')) as v(n, t) where n in (1, 2) order by 2 desc;
