-- env: PSQL_EDITOR='sed -i -e s/17/18/' PSQL_EDITOR_LINENUMBER_ARG=-es/o/0/
-- \sf, \sv, \ef, \ev
create function add_em(a int, b int default 17) returns int language sql immutable as $$
  select a
    + b
$$;
create function add_em(a text) returns text language sql as 'select a';
create procedure proc(inout x int) language plpgsql as $body$
begin
  x := 17;
end
$body$;
create function std(x int) returns int language sql return x + 17;
create function atomic(x int) returns int language sql begin atomic select x; select x + 17; end;
create schema "Odd one";
create view "Odd one"."A view" as select 1 as a, 'x' as "B";
create table base (a int, b text);
create view v with (security_barrier=true) as select a from base where a > 17;
create view w as select * from base where a > 0 with local check option;
create view w2 with (security_invoker=false, security_barrier) as select * from base where a > 0 with cascaded check option;
create materialized view mv as select 1 as one;
\sf add_em
\sf add_em(int, int)
\sf add_em(text)
\sf+ add_em(int,int)
\sf proc
\sf+ proc
\sf+ std
\sf+ atomic
\sf
\sf nosuch
\sf nosuch(int)
\sf add_em(nosuchtype)
\sf sum
\sv
\sv v
\sv+ v
\sv w
\sv w2
\sv "Odd one"."A view"
\sv+ public.w
\sv mv
\sv base
\sv nosuch
\sv base.nosuch.x.y
\sv+
\o shown.txt
\sf add_em(text)
\sv v
\o
\ef add_em(int, int)
\p
;
\sf add_em(int, int)
select 'kept' \ef nosuch
\p
\ef add_em(text)
\p
\ev v
\g
\sv v
\ev w
\ev
\p
\ef
\ef add_em(text) 0
\ef add_em(text) 3
\ev v 1
\r
\ev nosuch 2
\ev base
select add_em(1) \ef proc
;
\sf proc
\ef add_em(text) 2
\p
\r
\ev v 2
\p
\e 1
\p
\e no_such_file.sql
\p
