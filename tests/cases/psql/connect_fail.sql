select 1 as before;
\c nosuch
select 2 as after;
\echo still here :DBNAME
