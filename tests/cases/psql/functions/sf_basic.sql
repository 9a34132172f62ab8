create function f(a int, b text default 'x') returns int language plpgsql immutable as $$
begin
  -- body
  return a;
end;
$$;
create function g() returns int language sql begin atomic select 1; select 2; end;
create procedure p() language sql as 'select 1';
create view v as select 1 as a, 'x' as b;
create materialized view mv as select 1 as a;
\sf f
\sf f(int, text)
\sf+ f
\sf g
\sf+ g
\sf p
\sf nosuch
\sf f(int)
\sf
\sv v
\sv+ v
\sv nosuch
\sv
\sv mv
create table t (a int);
\sv t
create function f(a text) returns int language sql as 'select 1';
\sf f
\sf public.f(text)
