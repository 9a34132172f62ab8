-- env: PGPORT=1
select 1;
