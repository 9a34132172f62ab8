-- env: PGCONNECT_TIMEOUT=x
select 1;
