\pset format csv
select 1 as a, 'x' as b \gdesc
\pset format html
select 1 as a, 'x' as b \gdesc
\pset format unaligned
select 1 as a, 'x' as b \gdesc
\x
select 1 as a, 'x' as b \gdesc
\pset format aligned
select 1 as a, 'x' as b \gdesc
\x
\t
select 1 as a, 'x' as b \gdesc
\t
\C title
select 1 as a, 'x' as b \gdesc
\pset border 2
\pset null NULL
select null as a \gdesc
\o out.txt
select 1 as a \gdesc
\o
