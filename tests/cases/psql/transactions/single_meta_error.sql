-- options: -1 -v ON_ERROR_STOP=1
create table t (a int);
\nosuch
select 1;
