-- env: PGCONNECT_TIMEOUT=5
select 1 as a;
