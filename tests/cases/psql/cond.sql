\if true
select 'yes' as a;
\else
select 'no' as a;
\endif
\if false
select 'no' as a;
\elif 1
select 'elif' as a;
\else
select 'no' as a;
\endif
\if off
\echo no
\nosuch
\i nosuch.sql
\if true
\echo nested no
\else
\echo nested else
\endif
\elif `echo on`
\echo backtick
\elif `touch must_not_exist`
\echo no
\endif
\set x yes
\if :x
\echo variable
\endif
\if :{?nosuch}
\echo no
\else
\echo not set
\endif
\if maybe
\echo no
\else
\echo else after a bad word
\endif
\if
\echo no
\endif
\else
\elif true
\endif
\if true
\else
\else
\endif
\if true
\else
\elif true
\endif
select 1 as a,
\if true
2 as b,
\else
3 as c,
\endif
4 as d;
\if false
select 'skipped' as a;
\set hidden 1
\endif
\echo :hidden
