\set ON_ERROR_STOP on
\set QUIET on
\set VERBOSITY terse
\pset pager off
\pset tuples_only on
\pset format unaligned
\pset fieldsep |
set client_min_messages = warning;
create table t (id serial primary key, v text);
insert into t (v) values ('a'), ('b') returning id;
select * from t;
insert into t values (1, 'again');
\echo never
