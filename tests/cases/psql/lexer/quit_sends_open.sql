(select 3 as open \q
