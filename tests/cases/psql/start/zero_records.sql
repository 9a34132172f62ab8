-- options: -A -0 -t
select 1 as a, 2 as b union all select 3, 4;
