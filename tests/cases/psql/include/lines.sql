select 1/0;
\i inc_errors.txt
select 1/0;

\ir inc_errors.txt
select
1/0;
