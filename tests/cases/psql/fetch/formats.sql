\set FETCH_COUNT 2
select g, repeat('x', g) as x from generate_series(1, 5) g;
\pset format unaligned
select g, repeat('x', g) as x from generate_series(1, 5) g;
\pset format csv
select g, repeat('x', g) as x from generate_series(1, 5) g;
\pset format html
select g, repeat('x', g) as x from generate_series(1, 3) g;
\pset format aligned
\x
select g, repeat('x', g) as x from generate_series(1, 5) g;
\x
\t
select g, repeat('x', g) as x from generate_series(1, 5) g;
\t
\pset border 2
\C title
select g, repeat('x', g) as x from generate_series(1, 5) g;
\pset footer off
select g from generate_series(1, 5) g;
