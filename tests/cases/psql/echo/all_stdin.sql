-- options: -a --stdin
select 1 as a;

-- a comment
select 2
  as b;
\echo meta
select 1/0;
\i inc_small.txt
