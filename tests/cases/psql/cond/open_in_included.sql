\i inc_open.txt
\echo after
\endif
\i inc_endif.txt
\if true
\i inc_endif.txt
\echo still inside
\endif
\echo end
