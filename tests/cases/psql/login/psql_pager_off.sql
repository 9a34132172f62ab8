-- env: PSQL_PAGER='sed s/^/PAGED/' PAGER='sed s/^/OTHER/'
\pset pager always
select generate_series(1, 3) as a;
\pset pager off
select 1 as a;
