-- options: -a
select 1 as a;

-- a comment
select 2
  as b; -- behind
/* block
comment */
\echo meta
\set x 1
select :x as x;
select 1/0;
\if false
select 3;
\endif
\i inc_small.txt
select 'a
b' as multi;
