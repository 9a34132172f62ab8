create function f1() returns int language sql begin atomic select 1; select 2; end;
select f1();
create function f2(a int) returns int language sql begin atomic; select case when a > 0 then 1 else 2 end; end;
select f2(1), f2(-1);
create or replace function f3() returns int
language sql
begin atomic
  select 1;
  select case when true then case when false then 3 else 4 end end;
end;
select f3();
create procedure p1() language sql begin atomic select 1; end;
call p1();
create function f4() returns int language sql return 5;
select f4();
begin; select 1 as atomic; end;
create table atomic (a int); 
insert into atomic values (1); select * from atomic;
CREATE FUNCTION F5() RETURNS INT LANGUAGE SQL BEGIN ATOMIC SELECT 1; END; select 'after' as x;
select begin atomic; select 1; end;
