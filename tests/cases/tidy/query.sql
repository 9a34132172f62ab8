select a,b   from t where x=1;
SELECT s.salesid, s.listid, s.sellerid, s.buyerid, s.eventid, s.dateid, s.qtysold, s.pricepaid FROM sales s LEFT OUTER JOIN event e ON s.eventid=e.eventid INNER JOIN date d USING (dateid) WHERE s.qtysold>1 AND e.eventname LIKE '%a%' AND s.dateid BETWEEN 1 AND 100 OR s.pricepaid IS NULL GROUP BY 1,2 HAVING count(*)>1 ORDER BY 1 DESC,2 LIMIT 10;

with top as (select eventid, sum(pricepaid) as total from sales group by eventid order by total desc limit 10), named as (select 1) select e.eventname, t.total from top t join event e on e.eventid = t.eventid -- the names
order by t.total desc;
select case when qtysold > 10 then 'many tickets were sold' when qtysold > 5 then 'some' else 'few' end as how_many, left(eventname, 10) from sales, event;
select * from (select * from (select a_long_column_name, another_long_column_name from a_table_with_a_long_name) inner_one) outer_one;
