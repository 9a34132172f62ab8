\set a 1
\unset a
\echo :a
\unset a
\unset nosuch
\unset
\unset a-b
\unset a b c
\set DBNAME changed
\echo :DBNAME
\unset DBNAME
\echo :DBNAME
\unset VERSION
\echo :{?VERSION}
