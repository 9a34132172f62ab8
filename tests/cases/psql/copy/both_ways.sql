create table t (a int, b text);
copy (select g, repeat('x', g) from generate_series(1, 5) g) to stdout \g data.txt
\! cat data.txt
create table u (a int, b text);
\set data `cat data.txt`
\echo :data
