\if false
\echo no
\set x 1
\unset DBNAME
\i no_such_file.sql
\o out.txt
\! touch touched
\c nosuch
\q
\nosuch command
\pset format html
\x
\t
\a
\timing
\prompt x
\gset
\g file.txt
\gexec
\gdesc
\gx
\w file.txt
\p
\r
\cd /
\encoding latin1
\errverbose
\copy t from nosuch
\watch 1
\setenv X Y
\getenv x HOME
\warn no
\qecho no
\d
\echo `touch ticked`
\echo 'unterminated
\if `touch ticked2`
\elif `touch ticked3`
\endif
\endif
\echo :{?x} :DBNAME
select 1 as still;
