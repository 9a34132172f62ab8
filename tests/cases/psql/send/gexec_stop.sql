-- options: -v ON_ERROR_STOP=1
select 'select 1 as a', 'select 1/0', 'select 2 as never' \gexec
select 3 as never;
