\i inc_tables.txt
\pset format html
select * from nothing;
select;
select from hard;
select from hard where false;
\x
select * from nothing;
select;
select from hard;
select from hard where false;
\x
\t
select * from nothing;
select;
select from hard;
\x
select * from nothing;
select;
select from hard;
\x
\t
\C title
\pset border 2
select * from nothing;
select;
\x
select * from nothing;
select;
select from hard limit 2;
