-- options: -qAt
create table parts (id int, body text);
insert into parts select g, repeat(chr(96 + g), g) from generate_series(1, 4) g;
\pset fieldsep '\t'
select * from parts order by id \g all.tsv
\pset format csv
select * from parts order by id \g all.csv
copy parts to stdout (format csv, header) \g copied.csv
select body from parts where id = 2 \g (format=unaligned) two.txt
\o numbers.txt
select id from parts order by id desc;
\o
\! cat all.tsv copied.csv
