-- env: PGSERVICE=nosuch
select 1;
