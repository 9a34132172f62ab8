\set n 2
select :n = 1 as is_one, :n = 2 as is_two, :n = 3 as is_three \gset
\if :is_one
select 'one' as n;
\elif :is_two
select 'two' as n;
\elif :is_three
select 'three' as n;
\else
select 'many' as n;
\endif
\if false
\elif false
\elif false
\else
\echo last
\endif
\if true
\echo first
\elif true
\echo not second
\elif maybe
\echo not evaluated
\else
\echo not else
\endif
