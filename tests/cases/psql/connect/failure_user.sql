\c postgres nosuchuser
select 1 as a;
\conninfo
