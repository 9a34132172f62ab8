\c postgres tester /no/such/socket/dir
select 1 as a;
