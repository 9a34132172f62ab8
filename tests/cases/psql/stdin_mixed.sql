-- options: --stdin
select 1 as a;
select nosuch;
\nosuch
\echo hi \\ select 2 as b; \echo there
\set x 'y'
select :'x'
  as v
;
\if false
select 3;
\endif
select 4 as last
