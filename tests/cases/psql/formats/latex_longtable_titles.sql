\i inc_tables.txt
\pset format latex-longtable
\C 'A title & <more>'
select id from hard order by id limit 2;
\x
select id from hard order by id limit 2;
\x
\pset footer off
select id from hard order by id limit 2;
\x
select id from hard order by id limit 2;
\x
\pset footer on
\C 'A title that is much longer than the table which it heads, so that it has nowhere to be centred'
select id from hard order by id limit 2;
\C '日本語の題 
second line'
select id, name from hard order by id limit 2;
\T 'class="a" |l|r|'
select id, name from hard order by id limit 2;
\t
select id from hard order by id limit 2;
\x
select id from hard order by id limit 2;
