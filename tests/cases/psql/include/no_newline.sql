\i inc_no_newline.txt
\echo next
\i inc_no_semicolon.txt
\echo after
;
