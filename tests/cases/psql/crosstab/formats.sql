create table m (row_ text, col text, v text);
insert into m values ('a', 'x', E'two\nlines'), ('b', 'y', null), ('漢', 'x', '1'), (null, 'y', 'nullrow'), ('b', null, 'nullcol');
select * from m \crosstabview
\pset null '∅'
select * from m \crosstabview
\pset border 2
select * from m \crosstabview
\pset linestyle unicode
select * from m \crosstabview
\pset format csv
select * from m \crosstabview
\pset format html
select * from m \crosstabview
\pset format unaligned
select * from m \crosstabview
\pset format aligned
\x
select * from m \crosstabview
\x
\t
select * from m \crosstabview
\t
\C 'title'
select * from m \crosstabview
