\set x 1
\pset format csv
\timing off
\o out.txt
\c template1
select :x as x;
\o
\c postgres
select :x as x;
