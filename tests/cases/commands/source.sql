create or replace function f_sum(a integer, b integer) returns integer stable as $$
  select $1 + $2
$$ language sql;
create or replace procedure load_it(a in integer, b inout varchar(20)) as $$
begin
  b := 'x' || a;
end
$$ language plpgsql;
create schema s1;
create table base (a int, b varchar(10));
create view v1 as select a from base where a > 1;
create view s1.v2 as select a from public.base with no schema binding;
create materialized view mv as select a from base;
\sf f_sum
\sf+ f_sum(integer,integer)
\sf f_sum(integer)
\sf load_it
\sf+ public.load_it
\sf nosuch
\sf abs
\sv v1
\sv+ s1.v2
\sv mv
\sv base
\sv nosuch
