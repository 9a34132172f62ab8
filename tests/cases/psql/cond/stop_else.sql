-- options: -v ON_ERROR_STOP=1
\echo a
\else
\echo never
