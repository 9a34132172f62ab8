\i inc_tables.txt
\pset format unaligned
\pset fieldsep '\t'
select id, name from hard order by id limit 4;
\pset fieldsep ''
select id, name from hard order by id limit 4;
\pset fieldsep '<->'
\pset recordsep '\n--\n'
select id, name from hard order by id limit 4;
\x
select id, name from hard order by id limit 4;
\pset recordsep ''
select id, name from hard order by id limit 2;
\x
select id, name from hard order by id limit 2;
\pset recordsep '\n'
\f ';'
select id, name from hard order by id limit 2;
\f
\pset footer off
select id, name from hard order by id limit 2;
\t
select id, name from hard order by id limit 2;
\t
\pset fieldsep_zero
\pset recordsep_zero
select id, name from hard order by id limit 2;
\x
select id, name from hard order by id limit 2;
