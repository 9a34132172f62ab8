-- options: -1
create table t (a int);
\q
insert into t values (1);
