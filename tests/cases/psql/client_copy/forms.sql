-- options: --together -a
create table t (id int, word text);
create schema "S p";
create table "S p"."T""x" (a int, "b c" text);
\copy t from 'inc_rows.csv' csv
\copy t (id, word) from inc_rows.csv with (format csv)
\copy public.t(id,word) from 'inc_rows.csv' (format csv, header)
\copy "S p"."T""x" ("b c", a) from program 'echo x,1' with csv
\copy t from inc_rows.txt
select * from t order by 1, 2;
\copy t to stdout
\copy t (word) to stdout csv header
\copy (select id, 'a)' || word from t where id in (1, 2) order by 1) to stdout (delimiter ';')
\copy (select '(', ''')', "id" from t limit 1) to 'out file.txt'
\copy t to pstdout csv quote '"' force quote *
\copy t to program 'sort -r' csv
\copy binary t to t.bin
\copy t from t.bin with binary
\copy t from t.bin (format binary)
select count(*) from t;
\copy t to out.csv csv;
\! cat 'out file.txt' out.csv
\set x t
\copy :x to stdout
\copy t to stdout \\ \echo no
\pset format unaligned
\copy (select 1) to stdout
\timing off
\copy (select 2) TO STDOUT
\copy (insert into t values (100, 'new') returning id) to stdout
