-- env: COLUMNS=30
\pset format wrapped
select repeat('word ', 12) as words;
\x auto
select repeat('word ', 12) as words, 1 as n;
