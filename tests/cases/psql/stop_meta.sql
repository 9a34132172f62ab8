-- options: -v ON_ERROR_STOP=1
\echo one
\nosuch
\echo two
