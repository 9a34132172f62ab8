-- options: -v ON_ERROR_STOP=1 -v run_date=2024-03-01 -q
\set schema staging
\set target :schema '.orders'
create schema :"schema";
create table staging.raw (line text);
create table staging.orders (id int, day date, amount numeric(10,2), unique (id));
\echo === load :run_date ===
copy staging.raw from stdin;
1|2024-03-01|10.50
2|2024-03-01|7
3|2024-02-29|1.25
4|2024-03-01|0
\.
begin;
delete from :target where day = :'run_date';
insert into :target
select split_part(line, '|', 1)::int,
       split_part(line, '|', 2)::date,
       split_part(line, '|', 3)::numeric
from staging.raw
where split_part(line, '|', 2)::date = :'run_date';
select count(*) as loaded, sum(amount) as amount from :target \gset
commit;
\echo loaded :loaded rows, :amount in total
select :loaded = 0 as none \gset
\if :none
\warn nothing was loaded
\q
\endif
\pset format csv
\o report.csv
select day, count(*), sum(amount) from :target group by day order by day;
\o
\! cat report.csv
