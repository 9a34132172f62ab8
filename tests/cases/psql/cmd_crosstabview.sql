CREATE TABLE ctv_data (v, h, c, i, d) AS
VALUES
   ('v1','h2','foo', 3, '2015-04-01'::date),
   ('v2','h1','bar', 3, '2015-01-02'),
   ('v1','h0','baz', NULL, '2015-07-12'),
   ('v0','h4','qux', 4, '2015-07-15'),
   ('v0','h4','dbl', -3, '2014-12-15'),
   ('v0',NULL,'qux', 5, '2014-03-15'),
   ('v1','h2','quux',7, '2015-04-04');
SELECT EXTRACT(year FROM d), to_char(d, 'MM'), sum(i) AS total
 FROM ctv_data GROUP BY 1,2 ORDER BY 1,2;
SELECT EXTRACT(year FROM d) AS y, to_char(d, 'Mon') AS "month name", EXTRACT(month FROM d) AS num,
 count(*) FROM ctv_data GROUP BY EXTRACT(year FROM d), to_char(d,'Mon'), EXTRACT(month FROM d) ORDER BY 1
 \crosstabview y "month name" 4 num
SELECT v, h, string_agg(c, E'\n') FROM ctv_data GROUP BY v, h ORDER BY 1,2,3 \crosstabview v h 3
SELECT v,h, string_agg(c, E'\n') FROM ctv_data GROUP BY v, h ORDER BY h,v \crosstabview
SELECT v,h, string_agg(c, E'\n') AS c, row_number() OVER(ORDER BY h NULLS LAST) AS r FROM ctv_data GROUP BY v, h ORDER BY 1,3,2 \crosstabview v h c r
SELECT null,null,null \crosstabview
SELECT null,null,null,1,'a' \crosstabview 1 2 3 4 extra
\pset null '#null#'
SELECT v,h, string_agg(i::text, E'\n') AS i FROM ctv_data GROUP BY v, h ORDER BY h,v \crosstabview v h i
SELECT v,h,string_agg(i::text, E'\n'), string_agg(c, E'\n') FROM ctv_data GROUP BY v, h ORDER BY h,v \crosstabview 1 "h" 4
SELECT 1 as "22", 2 as b, 3 as "Foo" \crosstabview "22" B "Foo"
SELECT v,h,c,i FROM ctv_data \crosstabview v h j
SELECT 1 as "22", 2 as b, 3 as "Foo" \crosstabview 1 2 Foo
SELECT v,h,c,i FROM ctv_data \crosstabview 1 2 5
SELECT v,h,i,c FROM ctv_data \crosstabview v h v w
SELECT v,h,c FROM ctv_data \crosstabview
SELECT v,h,c FROM ctv_data \crosstabview 1 1
SELECT v,h,c,i FROM ctv_data \crosstabview
SELECT v,h FROM ctv_data \crosstabview
SELECT a,a,1 FROM generate_series(1,3000) AS a \crosstabview
SELECT 1 \crosstabview
select 1 \; select 1 as a,2 as b,10000.5 as c \; select 1 as a,'x' as b,10000 as c \crosstabview
create table xx() \crosstabview
insert into ctv_data values('vq','hq','c') returning v,h,c \crosstabview
\echo :ROW_COUNT
SELECT v,h,c from ctv_data where false \crosstabview
\x \t \pset format unaligned
SELECT v,h,count(*) from ctv_data group by 1,2 order by 1,2 \crosstabview
\pset format csv \x
SELECT v,h,count(*) from ctv_data group by 1,2 order by 1,2 \crosstabview ; 
SELECT v,h,count(*) from ctv_data group by 1,2 order by 1,2 \crosstabview 1 2 3; \echo rest
SELECT v,h,count(*), -3-count(*) from ctv_data group by 1,2 order by 1,2 \g xx.out \crosstabview
SELECT v as a,h as a,count(*) from ctv_data group by 1,2 order by 1,2 \crosstabview a
SELECT v as a,h as a,count(*) from ctv_data group by 1,2 order by 1,2 \crosstabview 0
SELECT v as a,h as a,count(*) from ctv_data group by 1,2 order by 1,2 \crosstabview 99999999999999
\crosstabview
\crosstabview "
