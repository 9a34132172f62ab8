select 1+-1 as a, 1 - -1 as b, 2*3 as c, 7/2 as d, 7%2 as e, 2^3 as f, |/ 16 as g, @ -5 as h;
select 1<2 as a, 1<=2 as b, 1<>2 as c, 1!=2 as d, not true as e, 5 !=-1 as f;
select 'a'||'b' as a, 'abc' ~ 'b' as b, 'abc' !~* 'B' as c, 'abc' like 'a%' as d;
select 1::int4 as a, '1'::text as b, array[1,2]@>array[1] as c, '{"a":1}'::jsonb ? 'a' as d, '{"a":1}'::jsonb->'a' as e;
select 1 --1 as comment
 as f;
select 2 /*3*/ as g;
select 5*-/*x*/1 as h;
select 3-
-2
as i;
