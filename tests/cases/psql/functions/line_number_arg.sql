-- env: PSQL_EDITOR=echo PSQL_EDITOR_LINENUMBER_ARG=--line=
create view v as select 1 as a;
create function f() returns int language sql as 'select 1';
\! printf 'select 5 as five;\n' > five.sql
\e five.sql 7
\e five.sql
\e five.sql 0
\e five.sql x
