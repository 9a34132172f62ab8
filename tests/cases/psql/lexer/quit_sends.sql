select 1 as sent \q
select 2;
