\c postgresql://tester:secret@/postgres
\conninfo
select 1 as a;
\echo :{?PASSWORD}
