create function f() returns int language sql as 'select 1';
create view v as select 1 as a;
\o out.txt
\sf f
\sv v
\o
\sf pg_catalog.lower(text)
\sf+ f()
