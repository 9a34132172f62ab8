\o |cat -n
select 1 as a;
\qecho in the pipe
\o
\o | tr a-z A-Z >upper.txt
select 'text' as b;
\o
\o |cat >/dev/null; exit 3
select 5;
\o
select 6 as f;
\o |nosuchcommand_at_all 2>/dev/null
\o
\echo end
