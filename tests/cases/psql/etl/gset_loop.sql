create table tables_to_load (n int, name text);
insert into tables_to_load values (1, 'alpha'), (2, 'beta'), (3, 'gamma');
\set n 0
\i inc_loop.txt
\echo done :n
