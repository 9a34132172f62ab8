select 1 as a;
select 'a
b' as b;
\echo hi
\set x 1
\echo [:x]
select :x as x;
\if true
\echo in
\endif
\pset format csv
select 2 as c;
