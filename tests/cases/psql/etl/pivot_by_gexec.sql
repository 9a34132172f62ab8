create table m (day date, metric text, v int);
insert into m values ('2024-01-01', 'clicks', 1), ('2024-01-01', 'views', 10), ('2024-01-02', 'clicks', 2);
select 'select day, ' || string_agg(format('sum(v) filter (where metric = %L) as %I', metric, metric), ', ' order by metric) || ' from m group by day order by day' as q from (select distinct metric from m) d \gset
:q;
select :'q' \gexec
