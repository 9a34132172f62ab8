select 'off' as "AUTOCOMMIT" \gset
\echo :AUTOCOMMIT
\set AUTOCOMMIT on
select 'maybe' as "AUTOCOMMIT" \gset
\echo :AUTOCOMMIT
select 'verbose' as "VERBOSITY" \gset
select 1/0;
select 'nonsense' as "VERBOSITY" \gset
\set VERBOSITY default
select 'x' as "DBNAME" \gset
\echo :DBNAME
select null as "ECHO" \gset
\echo :ECHO
select 'queries' as "ECHO" \gset
select 1 as a;
select null as "QUIET" \gset
