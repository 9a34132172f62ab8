select int4range(1, 5) as r, numrange(null, 1.5, '[]') as n, 'empty'::int4range as e, daterange('2024-01-01', null) as d, '{[1,2),[5,6)}'::int4multirange as m;
select point(1, 2) as p, '((0,0),(1,1))'::box as b, '<(0,0),1>'::circle as c, '[(0,0),(1,1)]'::lseg as l;
select inet '10.0.0.1/8' as i, cidr '10.0.0.0/8' as c, macaddr '08:00:2b:01:02:03' as m;
select 'a b c'::tsvector as v, 'a & b'::tsquery as q, '550e8400-e29b-41d4-a716-446655440000'::uuid as u;
