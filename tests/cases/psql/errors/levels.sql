set client_min_messages = debug1;
do $$ begin
  raise debug 'a debug';
  raise log 'a log';
  raise info 'an info';
  raise notice 'a notice';
  raise warning 'a warning';
end $$;
set client_min_messages = warning;
do $$ begin raise info 'info is always'; raise notice 'hidden'; raise warning 'shown'; end $$;
set client_min_messages = error;
do $$ begin raise warning 'hidden'; end $$;
reset client_min_messages;
drop table if exists nosuch;
create table if not exists t (a int);
create table if not exists t (a int);
begin; begin; commit; commit;
