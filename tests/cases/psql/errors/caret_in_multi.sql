select 1 as a \; select nosuch \; select 3 as c;
select 1 as a \; select 2 as b \; selec 3;
select nosuch \; select 2;
select 'x
y' \; select nosuch;
