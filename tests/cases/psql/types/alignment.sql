select 1 as "integer heading", 'a' as "text heading", 1.5 as "numeric heading", true as "bool heading", date '2024-01-01' as "date heading", 1::oid as "oid heading", '1'::xid as "xid heading", 1::money as "money heading", 'x'::regtype::oid as "regtype" from (select 1) s where false;
select 100000 as i, 'a' as t, 1.5 as n, true as b, date '2024-01-01' as d;
select 1 as i, 'aaaaaaaaaa' as t, 1.55555 as n, false as b, null::date as d;
select null::int as i, null::text as t, null::numeric as n;
\pset null NULL
select null::int as i, null::text as t, null::numeric as n;
select array[1] as ints, interval '1 s' as iv, '1'::json as j;
