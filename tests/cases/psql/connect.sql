select current_database();
\c template1
select current_database();
\c postgres tester
\connect - - - -
select current_database();
\c "dbname=template1"
select current_database(), :'DBNAME' as variable;
\c -reuse-previous=on "dbname=postgres"
select current_database();
\c postgresql:///template1
select current_database();
\conninfo
