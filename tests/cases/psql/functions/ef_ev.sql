-- env: PSQL_EDITOR=true
create function f() returns int language sql as 'select 1';
create view v as select 1 as a;
\ef f
\p
\r
\ev v
\p
\r
\ef nosuch
\ev nosuch
\ef f x
\ef f 0
\ev v
\p
\r
\ef
\ev
\p
