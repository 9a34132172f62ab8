-- env: LC_ALL= LC_NUMERIC=de_DE.UTF-8 LC_CTYPE=C.UTF-8
\pset numericlocale
\pset numericlocale on
select 1234567 as i, -1234567.891 as n, 0.5::float8 as f, '1234567' as t, 1e30::float8 as e, 'NaN'::float8 as nan, '-Infinity'::float8 as inf, 12 as s, 123 as s3, 1234 as s4, -123 as m3, -1234 as m4, null::int as z, 1234.5::money as m, 1234567::oid as o, 1234567::int2::int8 as big from (select 1) x where false;
select 1234567 as i, -1234567.891 as n, 0.5::float8 as f, '1234567' as t, 1e30::float8 as e, 'NaN'::float8 as nan, '-Infinity'::float8 as inf, 12 as s, 123 as s3, 1234 as s4, -123 as m3, -1234 as m4, null::int as z, 1234567::oid as o;
\x
select 1234567 as i, -1234567.891 as n, '1234567' as t;
\x
\pset format csv
select 1234567 as i, -1234567.891 as n, '1234567' as t;
\pset format unaligned
select 1234567 as i, -1234567.891 as n, '1234567' as t;
\pset format html
select 1234567 as i, -1234567.891 as n, '1234567' as t;
\pset format wrapped
\pset columns 12
select 1234567 as i, -1234567.891 as n, '1234567' as t;
\pset columns 0
\pset format aligned
\pset numericlocale off
select 1234567 as i;
\pset numericlocale
select generate_series(1, 1200) \g |tail -2
select array[1234567] as a, '1 day'::interval as d, '1234567'::text::numeric as n;
