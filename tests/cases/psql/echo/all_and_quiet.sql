-- options: -a -q
select 1 as a;
create table t (a int);
\x
select 2 as b;
