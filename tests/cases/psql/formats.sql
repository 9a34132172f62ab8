create table t (a int, b text, c numeric(8,2), d boolean, e date);
insert into t values (1, 'one', 1.5, true, '2024-01-02'), (22, 'two
lines', -3.25, false, null), (null, '漢字 wide', null, null, '2024-12-31');
select * from t order by a;
\pset border 0
select * from t order by a;
\pset border 2
select * from t order by a;
\pset border 1
\pset null (null)
select * from t order by a;
\pset linestyle unicode
select * from t order by a;
\pset linestyle old-ascii
select * from t order by a;
\pset linestyle ascii
\x
select * from t order by a;
\pset border 2
select * from t order by a;
\x off
\pset format wrapped
\pset columns 30
select repeat('abc ', 12) as long, 1 as n;
\pset columns 0
\pset format unaligned
select * from t order by a;
\pset fieldsep ' ; '
\pset recordsep '<>\n'
select * from t order by a;
\pset recordsep '\n'
\pset format csv
select * from t order by a;
\pset csv_fieldsep ;
select * from t order by a;
\pset format html
select * from t order by a;
\pset format asciidoc
select * from t order by a;
\pset format latex
select * from t order by a;
\pset format troff-ms
select * from t order by a;
\pset format aligned
\pset border 1
\C 'A title'
select 1 as a;
\C
\t
select 1 as a;
\t off
\pset footer off
select 1 as a;
\pset footer
\pset tuples_only
\pset tuples_only off
\a
select 1 as a, 2 as b;
\a
\H
select 1 as a;
\H
\f
\f ,
