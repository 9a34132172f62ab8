-- env: REPORT_DAY=2024-05-06 REPORT_EMPTY=
\getenv day REPORT_DAY
\getenv none REPORT_EMPTY
\if :{?none}
\echo set
\else
\set none 'fallback'
\endif
select :'day'::date + 1 as tomorrow, :'none' as fallback;
\set user_home `basename "$HOME"`
\echo :user_home
