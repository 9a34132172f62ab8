\c
\c -
\c - -
\c - - - -
\c postgres
\c postgres -
\c postgres tester
\c template1 tester - -
\c "postgres"
\c 'postgres'
\c dbname=postgres
\c "dbname=template1 user=tester"
\c postgresql:///postgres
\c postgres://tester@/postgres
select current_database();
