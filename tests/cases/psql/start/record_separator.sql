-- options: -A -R ; -F :
select 1 as a, 2 as b union all select 3, 4;
select 5 as c;
