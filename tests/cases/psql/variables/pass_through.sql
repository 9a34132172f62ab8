select 1 as a \: select 2;
select 'a:b' as x, '12:34'::time as t, array[1,2,3][1:2] as slice;
select array[1,2,3][1::int:2] as slice;
\set one 1
select (array[1,2,3])[:one:2] as slice;
select (array[1,2,3])[:one::int:2] as slice;
select 'x' as ":one", 1 as "a:b";
create function f(a int) returns int language sql as $$ select a + 1 $$;
select f(a := 1);
select f(a => :one);
select '{"a": {"b": 1}}'::json #>> '{a,b}' as j;
select 1 ::: int;
select :one:one;
select :one :one;
