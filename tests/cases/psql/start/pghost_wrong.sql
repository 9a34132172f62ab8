-- env: PGHOST=/no/such/dir
select 1;
