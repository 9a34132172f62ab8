-- options: -1 -v ON_ERROR_STOP=1
create table t (a int);
select 1/0;
insert into t values (1);
