-- options: -v ON_ERROR_STOP=1
select 1 as a;
select nosuch;
select 2 as never;
