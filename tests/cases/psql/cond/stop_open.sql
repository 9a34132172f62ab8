-- options: -v ON_ERROR_STOP=1
\if true
\echo a
