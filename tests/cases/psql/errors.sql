select 1/0;
select nosuch;
select 'a
b', nosuch;
selec 1;
select 1
from nosuch
where x = 1;
select 'unterminated $$ ' || nosuch;
insert into nosuch values (1);
create table t (a int primary key);
insert into t values (1), (1);
insert into t values ('x');
do $$ begin raise exception 'oops' using detail = 'the detail', hint = 'the hint'; end $$;
begin;
select 1/0;
select 2;
rollback;
\errverbose
\nosuch
\i nosuch.sql
\gset
\cd /no/such/folder
\pset
\timing maybe
\connect
