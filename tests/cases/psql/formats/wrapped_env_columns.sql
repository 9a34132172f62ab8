-- env: COLUMNS=25
\pset format wrapped
\pset columns
select repeat('word ', 30) as words;
\pset columns 40
select repeat('word ', 30) as words;
\pset columns 0
select repeat('word ', 30) as words;
\x auto
select repeat('word ', 30) as words;
select 1 as a;
