\i inc_tables.txt
\pset format latex-longtable
select * from hard order by id;
\pset null '(nil)'
select * from hard order by id desc;
select name as "name | with, \ & <marks> {}", id as "#" from hard order by id limit 3;
