select 1::int2 as i2, 1::int4 as i4, 1::int8 as i8, 1::numeric as n, 1::float4 as f4, 1::float8 as f8, 1::oid as oid, '1'::xid as xid, '1'::cid as cid, '1.00'::money as m;
select 'ab' as "a b c d", true as "a b c d", date '2024-01-01' as "a longer name than it", time '12:34' as "a longer name than it", timestamptz '2024-01-01 12:00+00' at time zone 'UTC' as ts, interval '1 day 2 hours' as "a longer interval name";
select 'x'::bytea as b, '{1,2}'::int[] as a, '{"k": [1, null]}'::jsonb as j, int4range(1, 5) as r, 'a b'::tsvector as v, inet '10.0.0.1/8' as ip, B'101' as bits, (1, 'x', null) as rec, '550e8400-e29b-41d4-a716-446655440000'::uuid as u;
select '(1,2)'::point as p, 'pg_class'::regclass as c, '<a/>'::xml is document as x;
