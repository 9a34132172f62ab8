-- options: -v ON_ERROR_STOP=1
select 1 as a;
\i inc_one.txt
select 'never' as a;
