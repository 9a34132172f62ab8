-- env: PGOPTIONS='-c nosuch=1'
select 1;
