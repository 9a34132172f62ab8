\if true;
\echo a
\endif;
\if false;
\echo b
\else;
\echo c
\endif;
\if 'true';
\echo d
\endif
