select 1 as a,
\i inc_part.txt
3 as c;
\p
select 4
\i inc_whole.txt
as d;
