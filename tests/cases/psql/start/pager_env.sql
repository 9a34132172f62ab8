-- env: PSQL_PAGER=nosuchpager
\pset pager always
select generate_series(1, 3) as a;
