select * from (select string_agg(format('%s as c%s', g, g), ', ') as q from generate_series(1, 120) g) s \gset
select :q;
\x
select :q;
\x
\pset format unaligned
select :q;
\pset format wrapped
\pset columns 60
select :q;
