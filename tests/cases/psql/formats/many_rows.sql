select g, repeat('x', g % 37) as x from generate_series(1, 1500) g;
\x
select g, repeat('y', g % 11) as x from generate_series(1, 300) g;
\pset border 2
select g from generate_series(98, 102) g;
\pset format unaligned
select g from generate_series(1, 3) g;
