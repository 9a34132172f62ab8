-- FETCH_COUNT where psql 15 leaves marks of its cursor
\set FETCH_COUNT 3
select n as a from generate_series(1, 1) n \gset
\echo :a :ROW_COUNT
select nosuch;
\pset format asciidoc
select n, repeat('x', n) as x from generate_series(1, 7) n;
