\set QUIET off
select 1 as a \g (format=csv border=2)
\pset format
\pset border
select 1 as a;
\g (format=html)
\g (nosuch)
\g (expanded=auto null=x)
select 1/0 \g (format=csv)
\pset format
create table t (a int) \g (format=csv)
