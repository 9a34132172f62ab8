\c nosuch
\echo :{?DBNAME}
select 'kept?' as a;
