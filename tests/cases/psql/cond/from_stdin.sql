-- options: --stdin
\if false
select 1;
\else
select 2 as two;
\endif
\if true
select 3 as three
\echo not ended
\endif
;
