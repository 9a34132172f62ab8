-- options: -b
select 1 as a;
select 1/0;
select nosuch
  from x;
\nosuch
\i inc_bad.txt
select 'x
y' || nosuch;
begin; select 1/0; select 2; rollback;
select 1 \; select 1/0;
