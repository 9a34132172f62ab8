select 'a''b' as q, "a""b" from (select 1 as "a""b") s;
select $a$ ; $b$ ; $a$ as dollar;
select 1::int::text as cast, array[1,2][1] as sub;
\set v 5
select :v::int as both, 'x:v' as lit, ":v" from (select 2 as ":v") s;
select -:v as minus, :v+1 as plus;
select '{"a": 1}'::json->>'a' as js;
select 1 /* ; */ as a -- ; not here
;
select
  /* a
  comment over lines */
  2 as b
  ;
select E'\'; \\' as e, U&'\0041' as u, B'101' as b, X'1F' as x;
select 'line one'
' line two' as concatenated;
create function g() returns int language plpgsql as $$
begin
  return 1; -- with ; inside
end;
$$;
select g();
create or replace procedure p() language sql begin atomic; select case when true then 1 end; end;
call p();
begin; select 1 as a; commit;
select 1 as a \; select 2 as b
\g
select 1 as "semi;colon";
select (values (1)) as v;
select 1 where 1 <> 2 and 2 >= 1 and not 1 != 1;
select :'v' as v, :"v" from (select 3 as "5") s;
select :nosuch;
select ':'v'';
;
;;
select 'ünïcödé', '日本語' as "列";
select 1 as a; -- comment
-- only a comment
select 2 as a
