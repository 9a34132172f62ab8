-- options: -q
create table t (a int);
insert into t values (1);
insert into t values (1) returning a;
\set QUIET off
create view v as select 1 as a;
select 1 as a into u;
create table w as select 1 as a;
explain (costs off) select 1;
truncate t;
analyze t;
comment on table t is 'x';
grant select on t to public;
prepare p as select 1;
execute p;
deallocate p;
lock table t;
begin; lock table t; commit;
values (1);
show work_mem;
set work_mem = '1MB';
discard all;
checkpoint;
reindex table t;
cluster;
do $$ begin end $$;
alter table t rename to t2;
drop table t2;
