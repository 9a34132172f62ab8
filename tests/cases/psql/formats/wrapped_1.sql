\i inc_tables.txt
\pset format wrapped
\pset columns 1
select repeat('word ', 30) as words, repeat('漢', 25) as wide, 12345 as number;
select repeat('x', 100) as one;
select name, id, flag from hard order by id;
select repeat('a ', 20) as "a heading that must be cut into several lines as well", 'b' as "another one of the kind";
\pset border 2
select repeat('word ', 30) as words, repeat('漢', 25) as wide, 12345 as number;
\pset border 0
select repeat('word ', 30) as words, repeat('漢', 25) as wide, 12345 as number;
\x
select repeat('word ', 30) as words, E'é\u0301' || repeat('e\u0301', 40) as wide, 12345 as number;
\pset border 1
select repeat('word ', 30) as words, repeat('漢', 25) as wide, 12345 as number;
\pset border 2
select repeat('word ', 30) as words, repeat('漢', 25) as wide, 12345 as number;
