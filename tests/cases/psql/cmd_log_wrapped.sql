-- options: -L log.txt
\pset columns 20
\pset format wrapped
select n, repeat('x', 4 * n) as x from generate_series(1, 7) n;
\x
select n, repeat('x', 4 * n) as x from generate_series(1, 7) n;
\pset format html
select n, repeat('x', 4 * n) as x from generate_series(1, 7) n;
