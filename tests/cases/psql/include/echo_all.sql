-- options: -a
\i inc_part.txt
1;
\i inc_inner.txt
\i nosuch
\echo end
