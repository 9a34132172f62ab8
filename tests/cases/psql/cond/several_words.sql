\if true false
\echo joined
\endif
\if tr ue
\echo joined to true
\endif
\if 1 0
\echo ten
\endif
\if :{?DBNAME} and more
\echo more
\endif
\if true \echo on the same line
\endif
\if true \\ \echo after backslashes \\ \endif
\echo end
