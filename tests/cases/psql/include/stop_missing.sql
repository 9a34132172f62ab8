-- options: -v ON_ERROR_STOP=1
\echo before
\i nosuch.sql
\echo never
