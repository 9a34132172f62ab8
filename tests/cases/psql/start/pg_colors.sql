-- env: PG_COLOR=always PG_COLORS=error=35:nosuch=1:locus=
\nosuch
\pset format csv extra
select nosuch;
