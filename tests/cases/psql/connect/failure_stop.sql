-- options: -v ON_ERROR_STOP=1
\c nosuch
\echo never
