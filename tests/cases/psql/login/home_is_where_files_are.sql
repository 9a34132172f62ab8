-- env: HOME=/no/such/home
\cd
\echo still :DBNAME
\i ~/nosuch.sql
