\set FETCH_COUNT 2
select g from generate_series(1, 5) g \g out.txt
select g from generate_series(1, 5) g \g |cat -n
\o two.txt
select g from generate_series(1, 5) g;
\o
select 1 as n \gset
\echo :n
select 'select 1 as a' from generate_series(1, 3) \gexec
select g from generate_series(1, 3) g \gx
select 1 as a \gdesc
