-- env: PGCLIENTENCODING=LATIN1
\encoding
\echo :ENCODING
select chr(233) as e;
