\d
\dt
\dt nothing
\set QUIET on
\dt nothing
\d nothing
\set QUIET off
create schema s2;
create table t (a int primary key, b text collate "C" default 'x', c numeric(8,2) check (c > 0), d int unique);
create table s2.hidden (a int references t, b int generated always as identity, c int generated always as (a * 2) stored);
create view v as select a, b from t;
create materialized view mv as select a from t;
create temp table scratch (a int);
create table parts (a int) partition by range (a);
create sequence counter;
create unlogged table "Odd ""Na.me" (x int);
create index on t (b, c);
comment on table t is 'a table';
comment on column t.a is 'a column';
\d
\d+
\dt
\dt+
\dv
\dv+
\dm
\dm+
\dtv
\dtvm+
\dE
\dts
\dt t
\dt T
\dt "T"
\dt s?
\dt s2.*
\dt *.h*
\dt public.t s2.hidden
\dt nothing
\dt postgres.a.b.c
\dt other.public.t
\dt "Odd ""N"*

\dt (
\dtS pg_aggr*
\dvS pg_tab*
\d t
\d+ t
\d v
\d+ v
\d mv
\d s2.hidden
\d+ s2.hidden
\d "Odd ""Na.me"
\d odd*
\d parts
create table parts_1 partition of parts for values from (1) to (2);
\d parts
\d parts_1
\d nothing
\echo :ERROR
\pset expanded on
\dt
\d v
\pset expanded off
\pset format csv
\dt
\d v
\pset format unaligned
\pset tuples_only on
\dt
\d s2.hidden
