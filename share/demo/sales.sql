-- The sales story: from CSV files to answers.
--
-- Three years of orders of a small shop, as such files are found on the web:
-- dates like 7/31/2024 10:14, quoted commas, empty fields, Latin-1 names, and
-- one line that is wrong. Lines that begin with a backslash are commands of
-- redsh, all else is SQL of Redshift.
--
--   share/demo/generate /tmp/sales
--   redsh --sandbox -v data=/tmp/sales -f share/demo/sales.sql
--
-- On a real cluster, say which bucket to make and which role the cluster may
-- take to read and write it:
--
--   redsh -h HOST -U USER -d DB -v data=/tmp/sales \
--         -v bucket=MY-BUCKET -v role=ARN -f share/demo/sales.sql

\set ON_ERROR_STOP on
\set QUIET on
\pset footer off

\if :{?data}
\else
  \warn 'Where are the files? Write them with share/demo/generate FOLDER,'
  \warn 'then run redsh again with -v data=FOLDER'
  \q
\endif
\if :{?bucket}
\else
  \set bucket redsh-sales-story
\endif
\if :{?role}
  -- \copyfrom and \copyto look here for the role; without it: the default one
  \set COPY_ROLE :role
\endif

-- Files here and places in S3 by short names, so that the lines below stay
-- short.
\set customers :data /customers.csv
\set products  :data /products.csv
\set returns   :data /returns.csv
\set one_file  :data /orders/orders_2024_1.csv
\set this_year :data /orders/*.csv
\set report    :data /revenue.csv
\setenv REPORT :report
\set place     s3:// :bucket
\set archive   s3:// :bucket /archive/
-- Where \copyfrom and \copyto put for a moment what comes from here or goes
-- there.
\set STAGING   s3:// :bucket /staging/

-- What the last run may have left.
set client_min_messages to warning;
drop table if exists orders_raw, customers_raw, products_raw, returns_raw,
    sales, dim_customer, dim_product;
reset client_min_messages;
-- The bucket may be there, too.
\set ON_ERROR_STOP off
\s3mb :place
\set ON_ERROR_STOP on
\set QUIET off

-- From here on each line is shown before what it says.
\set ECHO all
-- ------------------------------------------------------------------------
-- 1. A file, and what is in it
-- ------------------------------------------------------------------------
-- \infer reads every line of a file and tells how it is written, what the
-- columns hold, and the statements that would load it. Dates like 7/31/2024
-- need a TIMEFORMAT; it is found by trying.
\infer --table orders :one_file

-- ------------------------------------------------------------------------
-- 2. Files on this machine
-- ------------------------------------------------------------------------
-- COPY reads S3 only. \copyfrom takes files from here too: it sends them to
-- the place that STAGING names, loads them, and removes them again. --create
-- makes the table from the types found. Names with accents are Latin-1, which
-- COPY has to be told; \copyfrom tells it.
\copyfrom --create customers_raw :customers
\copyfrom --create products_raw :products
\copyfrom --create returns_raw :returns
select * from customers_raw where name like 'Zo%' order by customer_id limit 3;

-- ------------------------------------------------------------------------
-- 3. Files in S3
-- ------------------------------------------------------------------------
-- The orders of two years lie packed in a folder of S3. All objects whose
-- names begin with its name are one load, which a cluster reads in parallel.
\s3put :data/archive/orders_2022_1.csv.gz :archive
\s3put :data/archive/orders_2022_2.csv.gz :archive
\s3put :data/archive/orders_2023_1.csv.gz :archive
\s3put :data/archive/orders_2023_2.csv.gz :archive
\s3ls -lh :archive
-- --print shows the statement and sends nothing.
\copyfrom --print orders_raw :archive
\copyfrom --create orders_raw :archive

-- ------------------------------------------------------------------------
-- 4. A load that fails, and why
-- ------------------------------------------------------------------------
-- One line of this year is wrong. COPY loads all or nothing, and names a
-- system table to look into. redsh looks for you: the file here, the line,
-- the field, and what to type.
\set ON_ERROR_STOP off
\copyfrom orders_raw :this_year
\set ON_ERROR_STOP on
select count(*) as still_only_the_archive from orders_raw;
-- \loaderrors tells it again as a row, also of loads of last week.
\loaderrors 1

-- ------------------------------------------------------------------------
-- 5. The cure
-- ------------------------------------------------------------------------
-- One bad line may pass, and is told. It is known now, so it can be put in by
-- hand: somebody wrote "two" for 2.
\copyfrom orders_raw :this_year --max-errors 1
insert into orders_raw
values (117997, 1, '2024-07-31 10:14', 257, 'P0041', 2, 66.75, 0.15, 'store');
select date_trunc('year', order_date)::date as year,
       count(*) as lines, count(distinct order_id) as orders
from orders_raw group by 1 order by 1;

-- ------------------------------------------------------------------------
-- 6. A star: facts in the middle, dimensions around
-- ------------------------------------------------------------------------
-- DISTSTYLE ALL keeps a copy of a small table on every node, so joining it
-- costs no traffic. The large table is spread by customer (DISTKEY): rows of
-- one customer lie together. SORTKEY keeps dates in order, so that a query
-- for one month reads only that month's blocks.
create table dim_customer (
    customer_id integer not null sortkey,
    name        varchar(64),
    country     varchar(32),
    region      varchar(16),
    segment     varchar(16),
    primary key (customer_id)
) diststyle all;

insert into dim_customer
select customer_id, name, country,
       case when country = 'United States' then 'America'
            when country in ('Denmark', 'Sweden') then 'Nordic'
            when country in ('Spain', 'Portugal') then 'Iberia'
            else 'Europe' end,
       segment
from customers_raw;

create table dim_product (
    product_id varchar(8) not null sortkey,
    product    varchar(64),
    category   varchar(16),
    list_price decimal(10,2),
    primary key (product_id)
) diststyle all;

insert into dim_product
select product_id, product, category, list_price from products_raw;

create table sales (
    order_id    integer not null,
    line        smallint not null,
    order_date  timestamp not null sortkey,
    customer_id integer distkey,
    product_id  varchar(8) not null,
    quantity    smallint not null,
    revenue     decimal(12,2) not null,
    channel     varchar(16),
    returned    smallint not null
);

insert into sales
select o.order_id, o.line, o.order_date, o.customer_id, o.product_id,
       o.quantity,
       o.quantity * o.unit_price * (1 - coalesce(o.discount, 0)),
       o.channel,
       coalesce(r.quantity, 0)
from orders_raw o
left join returns_raw r on r.order_id = o.order_id and r.line = o.line;

-- Statistics help the planner; COPY and large inserts leave them old.
analyze sales;

\d sales

-- ------------------------------------------------------------------------
-- 7. Questions
-- ------------------------------------------------------------------------
-- Revenue by month and region, last half year:
select to_char(s.order_date, 'YYYY-MM') as month,
       sum(case when c.region = 'Europe' then s.revenue else 0 end) as europe,
       sum(case when c.region = 'Iberia' then s.revenue else 0 end) as iberia,
       sum(case when c.region = 'Nordic' then s.revenue else 0 end) as nordic,
       sum(case when c.region = 'America' then s.revenue else 0 end)
           as america,
       sum(s.revenue) as total
from sales s
left join dim_customer c on c.customer_id = s.customer_id
where s.order_date >= '2024-07-01'
group by 1 order by 1;

-- Best products, and how often they come back:
select p.product, p.category, sum(s.revenue) as revenue,
       sum(s.quantity) as sold,
       round(100.0 * sum(s.returned) / sum(s.quantity), 1) as returned_pct
from sales s join dim_product p on p.product_id = s.product_id
group by p.product, p.category
order by revenue desc
limit 5;

-- Returning customers by year: who bought before, and what they spend:
with bought as (
    select customer_id, extract(year from order_date) as year,
           sum(revenue) as revenue
    from sales where customer_id is not null
    group by 1, 2
), first_year as (
    select customer_id, min(year) as year from bought group by 1
)
select b.year, count(*) as customers,
       sum(case when b.year > f.year then 1 else 0 end) as returning,
       round(100.0 * sum(case when b.year > f.year then 1 else 0 end)
             / count(*), 1) as returning_pct,
       sum(case when b.year > f.year then b.revenue else 0 end)
           as their_revenue
from bought b join first_year f on f.customer_id = b.customer_id
group by b.year order by b.year;

-- Year against year, with a window function:
with years as (
    select date_trunc('year', order_date)::date as year,
           sum(revenue) as revenue
    from sales group by 1
)
select year, revenue,
       round(100.0 * revenue / lag(revenue) over (order by year) - 100, 1)
           as growth_pct
from years order by year;

-- ------------------------------------------------------------------------
-- 8. A report, as a file here
-- ------------------------------------------------------------------------
-- \copyto writes UNLOAD around the query, its quotes doubled. --download
-- fetches what the cluster wrote, as one file with one header.
\copyto (select to_char(order_date, 'YYYY-MM') as month, channel, sum(revenue) as revenue from sales group by 1, 2 order by 1, 2) --download :report
\! head -n 5 "$REPORT"

-- ------------------------------------------------------------------------
-- 9. What was done
-- ------------------------------------------------------------------------
\loads 3
\unloads 1
\set ECHO none

-- What we made we remove, so that the story can be run again. To keep it:
-- redsh ... -v keep=1
\set QUIET on
\if :{?keep}
  \echo 'Kept: the bucket' :place 'the tables, and' :report
\else
  drop table orders_raw, customers_raw, products_raw, returns_raw,
      sales, dim_customer, dim_product;
  \s3rm -r --yes :place
  \! rm "$REPORT"
  \s3rb --yes :place
\endif
\echo 'That was the story.'
