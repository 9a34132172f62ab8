\i inc_tables.txt
\pset format latex-longtable
\pset border 0
select id, name, flag from hard order by id limit 5;
\pset border 1
select id, name, flag from hard order by id limit 5;
\pset border 2
select id, name, flag from hard order by id limit 5;
\pset border 3
select id, name, flag from hard order by id limit 5;
\pset border 4
select id, name, flag from hard order by id limit 5;
\pset border 100
select id, name, flag from hard order by id limit 2;
\pset border -1
select id, name, flag from hard order by id limit 2;
\pset border abc
select id, name, flag from hard order by id limit 2;
