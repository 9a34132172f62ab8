-- options: -o '|cat -n'
select 1 as a;
create table t (a int);
