create function f() returns int language plpgsql as $$
begin
  return (select nosuch
          from generate_series(1, 2));
end $$;
select f();
create function g() returns int language sql as 'select 1 + nosuch';
do $$ begin execute 'select 1 from nosuch where x'; end $$;
do $$ begin execute E'select\n\t1 from\nnosuch'; end $$;
create function h() returns int language plpgsql as $$ begin retrun 1; end $$;
create function i() returns int language plpgsql as $$
declare x int;
begin
  x := 'a';
  return x;
end $$;
select i();
