select 1::int2 as a, -32768::int2 as b, 2147483647 as c, 9223372036854775807 as d;
select 1.10::numeric as a, 'NaN'::numeric as b, 'Infinity'::numeric as c, 1e-10::numeric as d, 123456789012345678901234567890.123456789::numeric as e;
select 0.1::float4 as a, 1e30::float4 as b, 0.1::float8 as c, 1e-300::float8 as d, '-Infinity'::float8 as e, -0.0::float8 as f;
select '1,234.50'::money as m, 5::oid as o, '16/B374D848'::pg_lsn as l, 7::xid8 as x;
select 1::smallint + 1::bigint as sum, 7 / 2 as int_div, 7 / 2.0 as num_div, 7::float8 / 2 as f_div;
