-- options: -s --stdin
select 1 as a;
