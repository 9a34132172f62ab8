-- options: -P format=wrapped -P columns=20 -P border=2 -P title=T
select repeat('word ', 8) as words;
\pset columns
