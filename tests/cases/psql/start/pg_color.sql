-- env: PG_COLOR=always
select nosuch;
\nosuch
select 1 as a;
\d nosuchtable
