\i inc_quits.txt
\echo after quit
\include inc_quits.txt
\echo end
