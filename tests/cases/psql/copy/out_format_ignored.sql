create table t (a int, b text);
insert into t values (1, 'one');
\pset format html
\x
copy t to stdout;
\t
copy t to stdout;
\pset format csv
copy t to stdout \; select 1 as a;
