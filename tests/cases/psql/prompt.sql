-- options: --stdin
\prompt 'Your name: ' name
Ada
\echo hello :name
\prompt other
value two
\echo :other
\prompt
