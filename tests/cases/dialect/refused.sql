savepoint a;
listen x;
create index i on t (a);
select string_agg('a', ',');
select array[1];
select 1 for update;
create table t (a serial);
create table t (a json);
set standard_conforming_strings to on;
show standard_conforming_strings;
set extra_float_digits to 3;
deallocate all;
select * from redshift_sandbox.query_log;
begin;
vacuum;
rollback;
select listagg('a');
explain analyze select 1;
-- PostgreSQL's own errors in Redshift's words.
select 'x'::int;
select len(1, 2);
select database from pg_class limit 1;
-- Last: psql then takes the rest of a script for data.
copy t from stdin;
