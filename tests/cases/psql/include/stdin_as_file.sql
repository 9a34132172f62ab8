-- options: --stdin
\echo one
\i inc_part.txt
1 as a
;
\i -
\echo from the rest
select 1/0;
