-- env: PGUSER=nosuchuser
select 1;
