-- options: -v ON_ERROR_STOP=1
select 1 as a \; select 1/0 \; select 3;
\echo never
