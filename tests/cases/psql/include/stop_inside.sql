-- options: -v ON_ERROR_STOP=1
\i inc_outer.txt
\echo never
