\set app 'application_name=one'
\c "dbname=postgres application_name=one"
show application_name;
\c
show application_name;
\c template1
show application_name;
\c -reuse-previous=off postgres
show application_name;
\c -reuse-previous=on "dbname=template1"
show application_name;
\c -reuse-previous=maybe postgres
\c -reuse-previous=on
\c -reuse-previous=off
