create table a (x int); create table b (x int); create table "C d" (x int);
select format('analyze %I.%I', schemaname, tablename) from pg_tables where schemaname = 'public' order by 2 \gexec
select format('insert into %I values (%s)', tablename, row_number() over (order by tablename)) from pg_tables where schemaname = 'public' order by tablename \gexec
select format('select %L as t, count(*) from %I', tablename, tablename) from pg_tables where schemaname = 'public' order by tablename \gexec
select format('drop table %I', tablename) from pg_tables where schemaname = 'public' order by tablename \gexec
select count(*) from pg_tables where schemaname = 'public';
