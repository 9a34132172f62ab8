\i inc_tables.txt
\pset linestyle ascii
\pset border 0
select * from hard order by id;
\pset format wrapped
\pset columns 40
select * from hard order by id;
\pset columns 20
select * from hard order by id;
\x
select * from hard order by id limit 4;
\pset format aligned
\pset columns 0
select * from hard order by id limit 4;
\t
select * from hard order by id limit 2;
\x
select * from hard order by id limit 2;
