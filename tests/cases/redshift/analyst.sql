-- A day of analysts and of dbt on a cluster. The answers in analyst.out were
-- worked out by hand from the rows below and Redshift's documentation.
create schema raw_shop;
create schema "analytics";

create table raw_shop.orders (
    order_id   bigint identity(1, 1),
    customer   varchar(20) not null encode zstd,
    status     varchar(10) default 'new',
    amount     decimal(12, 2),
    ordered_at timestamp encode az64,
    payload    varchar(max)
)
diststyle key distkey (customer)
compound sortkey (ordered_at, customer);

insert into raw_shop.orders (customer, status, amount, ordered_at, payload) values
    ('ada',   'paid',      10.00, '2023-01-01 09:30:00', '{"channel": "web",  "items": ["a", "b"]}'),
    ('ada',   'paid',      30.00, '2023-01-03 23:59:59', '{"channel": "shop", "items": ["c"]}'),
    ('ada',   'returned',  30.00, '2023-02-01 00:00:00', '{"channel": "shop", "items": ["c"]}'),
    ('brian', 'paid',       5.50, '2023-01-15 12:00:00', '{"channel": "web",  "items": []}'),
    ('brian', 'cancelled', 99.00, '2023-02-10 08:00:00', null),
    ('chloe', 'paid',      70.25, '2023-03-31 18:45:10', '{"channel": "app",  "items": ["d", "e", "f"]}');

-- dbt: a table is made beside the old one, then takes its place
create table "dev"."analytics"."stg_orders__dbt_tmp"
    diststyle all
    sort_nothing
as (select 1 as x);

create table "dev"."analytics"."stg_orders__dbt_tmp"
    diststyle key distkey (customer)
    compound sortkey (ordered_at)
as (
    with source as (
        select * from "dev"."raw_shop"."orders"
    ),
    renamed as (
        select
            order_id,
            customer,
            status,
            nvl(amount, 0) as amount,
            ordered_at,
            ordered_at::date as ordered_on,
            date_trunc('month', ordered_at)::date as month,
            json_extract_path_text(payload, 'channel') as channel
        from source
        where status <> 'cancelled'
    )
    select * from renamed
);
alter table "dev"."analytics"."stg_orders__dbt_tmp" rename to "stg_orders";
select count(*) as n, min(month) as first, max(month) as last from analytics.stg_orders;

-- dbt: views that outlive their tables
create view "dev"."analytics"."customers" as (
    select customer, count(*) as orders, sum(amount) as total
    from "dev"."analytics"."stg_orders"
    group by 1
) with no schema binding;
select * from analytics.customers order by customer;
alter table analytics.stg_orders rename to stg_orders__dbt_backup;
create table analytics.stg_orders as select * from analytics.stg_orders__dbt_backup;
drop table analytics.stg_orders__dbt_backup cascade;
select customer from analytics.customers where orders = 1 order by 1;

-- dbt: incremental, delete and insert
begin;
create temporary table "stg_orders__dbt_tmp20230401" as (
    select 1::bigint as order_id, 'ada'::varchar(20) as customer, 'paid'::varchar(10) as status, 11.00::decimal(12, 2) as amount
);
delete from "dev"."analytics"."stg_orders"
using "stg_orders__dbt_tmp20230401"
where ("stg_orders__dbt_tmp20230401".order_id = "dev"."analytics"."stg_orders".order_id);
insert into "dev"."analytics"."stg_orders" ("order_id", "customer", "status", "amount")
(select "order_id", "customer", "status", "amount" from "stg_orders__dbt_tmp20230401");
commit;
select order_id, amount, ordered_on from analytics.stg_orders where customer = 'ada' order by 1;

-- the latest order of each customer
select customer, order_id
from raw_shop.orders o
where status = 'paid'
qualify row_number() over (partition by customer order by ordered_at desc) = 1
order by customer;

-- names of the list used further on, shares of a total
select
    customer,
    sum(amount) as total,
    total * 100 as cents,
    cents > 5000 as is_large
from raw_shop.orders
where status in ('paid', 'returned')
group by customer
order by total desc;

-- running and previous values
select customer, ordered_at::date as day,
       sum(amount) over (partition by customer order by ordered_at rows unbounded preceding) as running,
       lag(amount) over (partition by customer order by ordered_at) as previous
from raw_shop.orders where customer = 'ada' order by ordered_at;

-- months apart, boundaries counted
select datediff(month, min(ordered_at), max(ordered_at)) as months,
       datediff(day, '2023-01-31', '2023-02-01') as days,
       dateadd(month, 1, '2023-01-31'::date)::date as month_later,
       last_day('2023-02-10'::date) as last,
       extract(quarter from max(ordered_at)) as quarter
from raw_shop.orders;

-- statuses as columns
select * from (
    select customer, status, amount from raw_shop.orders
) pivot (
    sum(amount) for status in ('paid', 'returned' as back)
) order by customer;

-- and back
select customer, kind, value
from (select customer, 1 as web, null::int as shop, 3 as app from raw_shop.orders where order_id = 1)
unpivot include nulls (value for kind in (web, shop, app as phone))
order by kind;

select top 2 customer, listagg(status, '/') within group (order by ordered_at) as path
from raw_shop.orders group by customer order by customer;

select decode(channel, 'web', 1, 'shop', 2, 0) as code, count(*) as n, count(distinct customer) as who
from analytics.stg_orders where channel is not null group by 1 order by 1;

select nvl(channel, 'all') as channel, sum(amount) as amount
from analytics.stg_orders where channel is not null
group by rollup (channel) order by grouping(channel), 1;

-- a calendar
with recursive days (d) as (
    select '2023-01-30'::date
    union all
    select dateadd(day, 1, d)::date from days where d < '2023-02-02'
)
select d, to_char(d, 'YYYY-MM') as month, date_part(dow, d) as dow from days order by d;

select customer from raw_shop.orders where status = 'paid'
minus
select customer from raw_shop.orders where status in ('returned', 'cancelled')
order by 1;

select * exclude (payload, ordered_at, amount) from raw_shop.orders where order_id = 2;

-- a work table, then an upsert
select customer, max(amount) as best into #best from raw_shop.orders group by customer;
create table analytics.records (customer varchar(20), best decimal(12, 2));
insert into analytics.records values ('ada', 1), ('zoe', 2);
merge into analytics.records using #best on records.customer = #best.customer
when matched then update set best = #best.best
when not matched then insert values (#best.customer, #best.best);
select * from analytics.records order by customer;
update analytics.records set best = b.best + 1 from #best b where b.customer = records.customer and records.customer = 'ada';
delete analytics.records where customer = 'zoe';
select * from analytics.records order by 1;

-- a procedure that logs
create table analytics.log (message varchar(100));
create or replace procedure analytics.refresh(since date, changed out int)
as $$
declare
    r record;
begin
    changed := 0;
    for r in select customer, count(*) as n from raw_shop.orders where ordered_at >= since group by customer order by customer loop
        insert into analytics.log values (r.customer || ': ' || r.n);
        changed := changed + r.n;
    end loop;
    execute 'create table analytics.copy_' || to_char(since, 'YYYY') || ' distkey (customer) as select top 1 * from analytics.records order by best desc';
end;
$$ language plpgsql;
call analytics.refresh('2023-02-01');
select message from analytics.log order by 1;
select customer from analytics.copy_2023;

-- a materialized view
create materialized view analytics.by_month distkey (month) auto refresh no as
select month, sum(amount) as amount from analytics.stg_orders where month is not null group by month;
insert into analytics.stg_orders (month, amount) values ('2023-03-01', 9.75);
select amount from analytics.by_month where month = '2023-03-01';
refresh materialized view analytics.by_month;
select amount from analytics.by_month where month = '2023-03-01';

-- rights
create user reporter password 'Reporter1';
create group readers with user reporter;
grant usage on schema analytics to group readers;
grant select on all tables in schema analytics to group readers;
set session authorization reporter;
select count(*) as seen from analytics.records;
insert into analytics.records values ('mallory', 1000);
set session authorization default;

-- what goes wrong says where
select customer, sum(amout) from raw_shop.orders group by 1;
select customer from raw_shop.orders qualify rank() over (order by amnt) = 1;
select * from raw_shop.orders pivot (sum(amount) for state in ('paid'));
create index i on raw_shop.orders (customer);
