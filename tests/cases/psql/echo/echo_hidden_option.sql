-- options: -E
select 1 as a;
\conninfo
