\i inc_tables.txt
\pset format csv
\pset csv_fieldsep ';'
select * from hard order by id;
\pset csv_fieldsep '\t'
select * from hard order by id;
\pset csv_fieldsep ' '
select * from hard order by id;
\pset csv_fieldsep '.'
select 1.5 as a, '\.' as b, '.' as c;
\pset csv_fieldsep ''
\pset csv_fieldsep '\n'
\pset csv_fieldsep '\r'
\pset csv_fieldsep '"'
\pset csv_fieldsep 'é'
\pset csv_fieldsep
\pset null NULL
\t
select null as a, '' as b, ' ' as c, 'NULL' as d;
\pset null 'a,b'
\pset csv_fieldsep ','
select null as a, '\.' as b;
