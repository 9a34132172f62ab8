\set ECHO_HIDDEN on
\encoding
\conninfo
select 1 as a;
\set ECHO_HIDDEN noexec
select 2 as b;
