\i inc_tables.txt
\pset format latex-longtable
\x on
select * from hard order by id;
\pset border 2
select * from hard order by id limit 3;
\pset border 0
select * from hard order by id limit 3;
\pset null '∅'
\t on
select * from hard order by id limit 3;
