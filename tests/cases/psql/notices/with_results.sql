create function f() returns setof int language plpgsql as $$
begin
  raise notice 'before';
  return next 1;
  raise notice 'between';
  return next 2;
  raise notice 'after';
end $$;
select * from f();
select * from f() \g out.txt
\o out2.txt
select * from f();
\o
\pset format csv
select * from f();
select 1 as a \; select * from f() \; select 2 as b;
