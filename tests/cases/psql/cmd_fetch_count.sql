-- options: -L log.txt
-- FETCH_COUNT: tables by batches
\set FETCH_COUNT 3
select n, repeat('x', n) as x from generate_series(1, 7) n;
select n, repeat('x', n) as x from generate_series(1, 6) n;
select n, repeat('x', n) as x from generate_series(1, 2) n;
select n from generate_series(1, 0) n;
\echo :ROW_COUNT :ERROR
values (1, 'a'), (2, 'bbbb'), (3, E'c\nd'), (4, 'ééé');
\echo :ROW_COUNT
(select 1) union all (select 2) order by 1;
/* with a comment */ -- and another
((select 1 as "wide name"));
with w as (select generate_series(1, 5) as n) select * from w;
table pg_am limit 0;
-- errors among the rows
select 1 / (5 - n) from generate_series(1, 9) n;
\echo :ROW_COUNT :ERROR :SQLSTATE
select 1 / (2 - n) from generate_series(1, 9) n;
select 1 / (4 - n) from generate_series(1, 9) n;
-- formats
\pset border 2
select n, repeat('x', n) as x from generate_series(1, 7) n;
\x
select n, repeat('x', n) as x from generate_series(8, 14) n;
\t
select n, repeat('x', n) as x from generate_series(8, 14) n;
\pset border 1
select n, repeat('x', n) as x from generate_series(8, 14) n;
\t
select n, repeat('x', n) as x from generate_series(8, 14) n;
select n, repeat('x', n) as x from generate_series(8, 13) n;
select n, repeat('x', n) as x from generate_series(8, 7) n;
select 1 / (5 - n) from generate_series(1, 9) n;
\pset border 0
select n, repeat('x', n) as x from generate_series(8, 13) n;
\x
select n, repeat('x', n) as x from generate_series(8, 13) n;
\pset border 1
\pset title 'A title'
select n, repeat('x', n) as x from generate_series(8, 13) n;
\x
select n, repeat('x', n) as x from generate_series(8, 13) n;
\x
\pset footer off
select n, repeat('x', n) as x from generate_series(8, 14) n;
\pset footer on
\t
select n, repeat('x', n) as x from generate_series(8, 14) n;
\t
\pset format wrapped
\pset columns 20
select n, repeat('x', 4 * n) as x from generate_series(1, 7) n;
\pset format unaligned
select n, repeat('x', n) as x from generate_series(1, 7) n;
select 1 / (5 - n) from generate_series(1, 9) n;
\x
select n, repeat('x', n) as x from generate_series(1, 7) n;
\x
\pset format csv
select n, repeat('x', n) as x from generate_series(1, 7) n;
select 1 / (5 - n) from generate_series(1, 9) n;
select 1 / (2 - n) from generate_series(1, 9) n;
\pset format html
select n, repeat('x', n) as x from generate_series(1, 7) n;
select 1 / (5 - n) from generate_series(1, 9) n;
\x
select n, repeat('x', n) as x from generate_series(1, 7) n;
\x
\pset format latex
select n, repeat('x', n) as x from generate_series(1, 7) n;
select 1 / (5 - n) from generate_series(1, 9) n;
\pset format latex-longtable
select n, repeat('x', n) as x from generate_series(1, 7) n;
\pset format troff-ms
select n, repeat('x', n) as x from generate_series(1, 7) n;
select 1 / (5 - n) from generate_series(1, 9) n;
\pset title
\pset format aligned
-- where results go
select n from generate_series(1, 4) n \g fetched.txt
select n as a, 'x' as b from generate_series(1, 1) n \gset
\echo :a :b
select n from generate_series(1, 4) n \gset
select n from generate_series(1, 0) n \gset
select format('select %s, n from generate_series(1,4) n', n) from generate_series(1, 4) n \gexec
select n, n, n from generate_series(1, 5) n \crosstabview
select n from generate_series(1, 4) n \gdesc
select n from generate_series(1, 4) n \gx
\o fetched_too.txt
select n from generate_series(1, 4) n;
\o
begin;
select n from generate_series(1, 4) n;
select 1 / (5 - n) from generate_series(1, 9) n;
select 1;
rollback;
\set AUTOCOMMIT off
select n from generate_series(1, 4) n;
select 1 / (5 - n) from generate_series(1, 9) n;
select 1;
rollback;
\set AUTOCOMMIT on
\set SHOW_ALL_RESULTS off
select n from generate_series(1, 4) n;
create table t (a int);
insert into t select generate_series(1, 5) returning a;
select * from t;
\set FETCH_COUNT 0
select * from t;
\set FETCH_COUNT x
\set FETCH_COUNT -1
select * from t;
\set FETCH_COUNT
\echo :FETCH_COUNT
\unset FETCH_COUNT
\echo :FETCH_COUNT
