-- options: -v ON_ERROR_STOP=1
\if true
\echo a
\endif
\if maybe
\echo no
\endif
\echo never
