-- options: -q
\c template1
\c postgres
\conninfo
select current_database() = 'postgres' as ok;
