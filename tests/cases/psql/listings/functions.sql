create function f(a int, b text default 'x', out c int) language sql as 'select 1';
create function f(int[]) returns setof text language sql immutable as $$ select 'a' union all select 'b' $$;
create function t() returns trigger language plpgsql as $$ begin return new; end $$;
create procedure p(a int) language plpgsql security definer as $$ begin null; end $$;
create aggregate total(int) (sfunc = int4pl, stype = int, initcond = 0);
comment on function f(int[]) is 'many';
\df
\df+
\dfa
\dfn
\dfp
\dft
\dfw
\dfanpt
\df f
\df f int
\df f int text
\df f integer -
\df * int[]
\df f -
\df public.*
\df nothing
\df a.b.c.d
\dfS substr* text int
\dfS * varchar[]
\dfaS s*
\da
\da total
\daS sum
\daS *.stddev
\do
\do =
\do + int4
\do + int4 int4
\do+ || text
\doS @@*
create operator === (leftarg = int, rightarg = int, function = int4eq);
\do
\dC
\dC int4
\dC+ json*
\dC int
create domain d1 as int;
create type e1 as enum ('one', 'two');
create type c1 as (a int, b text);
comment on type e1 is 'an enumeration';
\dT
\dT+
\dT int*
\dT int
\dT int[]
\dT+ text
\dTS float8
\dT public.*
\dT nothing
\dL
\dL+
\dLS
\dL sql
\dL plp*
