create table m (g char(1), n int, v decimal(8,2));
insert into m values ('a', 1, 10), ('a', 2, 20), ('b', 4, 30), ('b', 8, null);
select avg(n) as avg, sum(n) as sum, median(n) as median, count(*) as count,
       approximate count(distinct g) as groups from m;
select g, listagg(n, ',') within group (order by n desc) as list from m group by g order by g;
select listagg(distinct g) within group (order by g) as all_groups from m;
select n, listagg(n, '+') within group (order by n) over (partition by g) as list,
       ratio_to_report(n) over (partition by g) as part from m order by n;
select percentile_cont(0.5) within group (order by v) as p from m;
select distinct g, percentile_cont(0.5) within group (order by n) over (partition by g) as p
from m order by g;
select g, row_number() over (order by g, n) as r, lag(n) over (order by n) as before from m order by n;
drop table m;
