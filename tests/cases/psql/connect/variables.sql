\echo :DBNAME :USER :PORT :ENCODING
\c template1
\echo :DBNAME :USER :PORT
set client_encoding = 'LATIN1';
\echo :ENCODING
\c postgres
\echo :ENCODING :DBNAME
select current_setting('client_encoding');
