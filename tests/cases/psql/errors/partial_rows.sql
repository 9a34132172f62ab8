select 1/(3 - g) as x from generate_series(1, 5) g;
\pset format unaligned
select 1/(3 - g) as x from generate_series(1, 5) g;
\pset format csv
select 1/(3 - g) as x from generate_series(1, 5) g;
\pset format html
select 1/(3 - g) as x from generate_series(1, 5) g;
\x
\pset format aligned
select 1/(3 - g) as x from generate_series(1, 5) g;
\echo :ERROR :ROW_COUNT
