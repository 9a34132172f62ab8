\! exit 0
\echo :SHELL_ERROR :SHELL_EXIT_CODE
\! exit 3
\echo :{?SHELL_ERROR} :{?SHELL_EXIT_CODE}
\! true
\! echo a b  c
\! echo "double" 'single' \\ back
\!echo glued
\! echo one; echo two
\! false || echo or
\! kill -9 $$
\! echo :DBNAME
\! nosuchcommand_at_all 2>/dev/null
\echo end
