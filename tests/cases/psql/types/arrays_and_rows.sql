select array[1, 2, null] as a, array[[1,2],[3,4]] as b, '{}'::int[] as c, array['a b', 'c"d', 'e,f', '', null] as d, '[0:1]={1,2}'::int[] as e;
select row(1, 'x', null) as r, row() as empty, (1, (2, '3')) as nested, row('a"b', 'c,d', 'e\f') as q;
select array(select g from generate_series(1, 3) g) as sub, array_agg(array[1, 2]) as agg;
\x
select array['line1
line2'] as nl, row('a
b') as r;
