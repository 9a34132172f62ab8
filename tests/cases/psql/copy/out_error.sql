copy nosuch to stdout;
copy (select 1/0) to stdout;
copy (select 1/(3 - g) from generate_series(1, 5) g) to stdout;
\echo :ERROR
select 'after' as a;
