create function f(a int) returns int language plpgsql as $$
begin
  raise notice 'in f %', a;
  if a = 0 then return 1/a; end if;
  return f(a - 1);
end $$;
select f(1);
\set SHOW_CONTEXT always
select f(1);
\set SHOW_CONTEXT never
select f(1);
\set SHOW_CONTEXT errors
\set VERBOSITY terse
select f(1);
\set SHOW_CONTEXT always
select f(0);
\set VERBOSITY verbose
\set SHOW_CONTEXT never
do $$ begin raise exception 'x' using detail = 'd', hint = 'h', column = 'c', constraint = 'k', datatype = 't', table = 'tab', schema = 's'; end $$;
\set VERBOSITY sqlstate
\set SHOW_CONTEXT always
select f(0);
