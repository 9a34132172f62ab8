-- options: -v ON_ERROR_STOP=1
\set depth 0
\i inc_recurse.txt
\echo :depth
