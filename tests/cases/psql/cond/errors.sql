\endif
\else
\elif true
\if true
\else
\else
\elif true
\endif
\if false
\else
\elif true
\echo after elif
\else
\endif
\if maybe
\echo no
\elif alsobad
\echo no
\elif true
\echo elif counts
\endif
\endif extra
\if true
\endif extra words
\if false
\else extra
\echo else with words
\endif
