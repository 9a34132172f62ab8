create function a() returns int language plpgsql as $$ begin return 1; end; $$;
create function b() returns text language sql as 'select ''quoted; body''::text;';
select a(), b();
create function c() returns int as $body$
declare
  x int := 1; -- comment; here
begin
  if x = 1 then
    x := x + 1;
  end if;
  /* return nothing; */
  return x;
end;
$body$ language plpgsql;
select c();
create or replace procedure d(inout x int) language plpgsql as $$ begin x := x * 2; end $$;
call d(21);
