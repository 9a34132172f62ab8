-- options: -q -H -T 'class="report"' -o report.html
\qecho <h1>Report</h1>
create table sales (region text, product text, amount numeric);
insert into sales values ('north', 'a & b', 10), ('south', '<c>', 20.5), ('north', null, 5);
\C 'Sales by region'
select region, sum(amount) as amount from sales group by region order by region;
\C 'All'
\pset footer off
select * from sales order by amount;
\qecho <p>end</p>
