\i inc_outer.txt
\echo back
