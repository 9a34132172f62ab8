-- options: -q
drop table if exists nosuch;
do $$ begin raise notice 'still'; end $$;
create table t (a serial primary key);
create unique index on t (a);
