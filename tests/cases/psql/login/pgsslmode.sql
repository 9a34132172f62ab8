-- env: PGSSLMODE=verify-full PGHOST=localhost PGPORT=1
select 1;
