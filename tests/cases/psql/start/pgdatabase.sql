-- env: PGDATABASE=template1
select current_database();
\echo :DBNAME
