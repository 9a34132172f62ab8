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
\set QUIET off

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

-- Names of places in S3, so that the lines below stay short.
\set archive  s3:// :bucket /archive/
\set orders   s3:// :bucket /orders/
\set customer s3:// :bucket /customers.csv
\set product  s3:// :bucket /products.csv
\set returned s3:// :bucket /returns.csv
\set report   s3:// :bucket /report/revenue_

\echo
\echo '--- 1. a bucket, and the files in it'

\set place s3:// :bucket
-- The bucket may be there from the last time.
\set ON_ERROR_STOP off
\s3mb :place
\set ON_ERROR_STOP on
\s3put :data/customers.csv :customer
\s3put :data/products.csv :product
\s3put :data/returns.csv :returned
\s3put :data/archive/orders_2022_1.csv.gz :archive
\s3put :data/archive/orders_2022_2.csv.gz :archive
\s3put :data/archive/orders_2023_1.csv.gz :archive
\s3put :data/archive/orders_2023_2.csv.gz :archive
\s3put :data/orders/orders_2024_1.csv :orders
\s3put :data/orders/orders_2024_2.csv :orders
\s3put :data/orders/orders_2024_3.csv :orders
\s3put :data/orders/orders_2024_4.csv :orders

\echo
\echo '--- 2. a look at them'

\s3ls -lh :place
\s3ls -lh :archive
\s3ls -lh :orders
\s3head :product

\echo
\echo '--- 3. tables'

-- Orders as they come, one row a line of an order. Nothing is checked yet
-- but types: a table like this is called a staging table.
drop table if exists orders_raw;
create table orders_raw (
    order_id    integer,
    line        smallint,
    order_date  timestamp,
    customer_id integer,
    product_id  varchar(8),
    quantity    smallint,
    unit_price  decimal(10,2),
    discount    decimal(4,2),
    channel     varchar(16),
    comment     varchar(256)
);

-- COPY can be written by hand. \copyfrom --print writes it for you: it reads
-- the first bytes of the data and finds delimiter, header, compression and
-- the format of the dates.
\copyfrom --print orders_raw :archive

-- Without --print the statement also runs. --create makes the table from the
-- types found in the file; names with accents come in as Latin-1.
drop table if exists customers_raw;
drop table if exists products_raw;
drop table if exists returns_raw;
\copyfrom --create customers_raw :customer
\copyfrom --create products_raw :product
\copyfrom --create returns_raw :returned
\copyfrom orders_raw :archive

select * from customers_raw where name like 'Zo%' order by customer_id limit 3;

\echo
\echo '--- 4. a load that fails, and why'

-- One line of 2024 is wrong. COPY loads all or nothing and names a system
-- table to look into; redsh looks for you and shows the line itself.
\set ON_ERROR_STOP off
\copyfrom orders_raw :orders
\set ON_ERROR_STOP on

select count(*) as still_only_the_archive from orders_raw;

\echo
\echo '--- 5. the mended load'

-- The right cure is to mend the file. When one lost line does not matter,
-- MAXERROR 2 lets the load go on after the first error and stops it at the
-- second.
\copyfrom orders_raw :orders maxerror 2
\loaderrors 1

select date_trunc('year', order_date)::date as year,
       count(*) as lines, count(distinct order_id) as orders
from orders_raw group by 1 order by 1;

\echo
\echo '--- 6. a star: facts in the middle, dimensions around'

-- DISTSTYLE ALL keeps a copy of a small table on every node, so joining it
-- costs no traffic. The large table is spread by customer (DISTKEY): rows of
-- one customer lie together. SORTKEY keeps dates in order, so that a query
-- for one month reads only that month's blocks.
drop table if exists sales;
drop table if exists dim_customer;
drop table if exists dim_product;

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

\echo
\echo '--- 7. questions'

\echo 'Revenue by month and region, last half year:'
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

\echo 'Best products, and how often they come back:'
select p.product, p.category, sum(s.revenue) as revenue,
       sum(s.quantity) as sold,
       round(100.0 * sum(s.returned) / sum(s.quantity), 1) as returned_pct
from sales s join dim_product p on p.product_id = s.product_id
group by p.product, p.category
order by revenue desc
limit 5;

\echo 'Returning customers by year: who bought before, and what they spend:'
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

\echo 'Year against year, with a window function:'
with years as (
    select date_trunc('year', order_date)::date as year,
           sum(revenue) as revenue
    from sales group by 1
)
select year, revenue,
       round(100.0 * revenue / lag(revenue) over (order by year) - 100, 1)
           as growth_pct
from years order by year;

\echo
\echo '--- 8. a report, back to S3'

-- \copyto writes UNLOAD around the query, its quotes doubled.
\copyto (select to_char(order_date, 'YYYY-MM') as month, channel, sum(revenue) as revenue from sales group by 1, 2 order by 1, 2) to :report csv header parallel off allowoverwrite

\set report_file s3:// :bucket /report/revenue_000
\s3ls -lh :report_file
\s3head -n 5 :report_file

\echo
\echo '--- 9. cleaning up'

-- What we made we remove, so that the story can be run again. To keep it:
-- redsh ... -v keep=1
\if :{?keep}
  \echo 'Kept: the bucket' :place 'and the tables.'
\else
  drop table orders_raw;
  drop table customers_raw;
  drop table products_raw;
  drop table returns_raw;
  drop table sales;
  drop table dim_customer;
  drop table dim_product;
  \s3rm -r --yes :place
  \s3rb --yes :place
\endif
\echo 'That was the story.'
