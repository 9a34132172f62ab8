-- env: PSQL_HISTORY=history.txt
select 1 as a;
\s
