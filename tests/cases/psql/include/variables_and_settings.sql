\set v outside
\i inc_set.txt
\echo :v :w
\pset format
select 1 as a;
