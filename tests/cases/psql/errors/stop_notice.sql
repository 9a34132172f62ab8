-- options: -v ON_ERROR_STOP=1
do $$ begin raise warning 'goes on'; end $$;
\set ON_ERROR_STOP 0
select 1/0;
\set ON_ERROR_STOP on
\echo still here
\pset nosuch
\echo never
