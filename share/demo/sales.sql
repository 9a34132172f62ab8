-- The sales story: from a data set of Kaggle to a dashboard of QuickSight.
--
-- Three years of orders of a small shop, as such files are found on the web:
-- dates like 7/31/2024 10:14, quoted commas, empty fields, Latin-1 names, and
-- one line that is wrong. Lines that begin with a backslash are commands of
-- redsh, all else is SQL of Redshift.
--
--   redsh --sandbox -v folder=/tmp/story -f share/demo/sales.sql
--
-- On AWS the same commands make a real warehouse, which costs money until the
-- end of the story deletes it. It has no public address: run this where its
-- network is reached (share/platform/README, "ways in"), with your Kaggle data
-- set, the addresses that may connect, and yourself as QuickSight's user:
--
--   redsh -v folder=story -v dataset=OWNER/DATASET -v cidr=10.20.0.0/16 \
--         -v quicksight_user=ARN -f share/demo/sales.sql

\set ON_ERROR_STOP on
\set QUIET on
\pset footer off

\if :{?folder}
\else
  \set folder sales-story
\endif
\if :{?dataset}
\else
  \set dataset redsh/sales
\endif
\if :{?cidr}
\else
  \set cidr 10.20.0.0/16
\endif
\if :{?quicksight_user}
\else
  -- The sandbox's own.
  \set quicksight_user arn:aws:quicksight:us-east-1:123456789012:user/default/sandbox
\endif

-- Files of the story by short names, so that the lines below stay short.
\set report    :folder /revenue.csv
\set board_csv :folder /dashboard.csv
\set board_pdf :folder /dashboard.pdf
\set answer    :folder /answer.csv
\set picture   :folder /revenue.svg
\setenv REPORT  :report
\setenv BOARD   :board_csv
\setenv ANSWER  :answer
\set QUIET off

-- From here on each line is shown before what it says.
\set ECHO all
-- ------------------------------------------------------------------------
-- 1. The platform
-- ------------------------------------------------------------------------
-- A private network, an encrypted bucket, a role that may read it, and a
-- warehouse, as one CloudFormation template that is yours to change.
-- QuickSight is to look into the private network, too.
\platform init :folder --serverless --name sales-story --cidr :cidr --quicksight :quicksight_user
-- create shows what will be made, and makes it. --yes: scripts are not asked.
\set QUIET on
\platform create :folder --yes
\set QUIET off
-- Its names become variables; the connection is saved: no password is typed.
\platform outputs :folder --set made_
\echo bucket :made_DataBucket
\echo role :made_CopyRoleArn
\c @sales-story
\set ECHO none
-- A place in the new bucket by a short name.
\set raw s3://:made_DataBucket/raw
\set ECHO all

-- ------------------------------------------------------------------------
-- 2. The data, from Kaggle to S3
-- ------------------------------------------------------------------------
\kaggle ls :dataset
-- Each file of the archive is unpacked on its way; nothing lies on this disk.
\kaggle get :dataset :raw/
\s3tree :raw/

-- ------------------------------------------------------------------------
-- 3. A file, and what is in it
-- ------------------------------------------------------------------------
-- \infer reads every line of a file and tells how it is written, what the
-- columns hold, and the statements that would load it. Dates like 7/31/2024
-- need a TIMEFORMAT; it is found by trying.
\infer --table orders :raw/orders/orders_2024_1.csv

-- ------------------------------------------------------------------------
-- 4. Into the warehouse
-- ------------------------------------------------------------------------
-- \copyfrom looks at the files, writes COPY and runs it under the role that
-- the platform made. --create makes the table from the types found. Names with
-- accents are Latin-1, which COPY has to be told; \copyfrom tells it.
\copyfrom --create customers_raw :raw/customers.csv
\copyfrom --create products_raw :raw/products.csv
\copyfrom --create returns_raw :raw/returns.csv
select * from customers_raw where name like 'Zo%' order by customer_id limit 3;
-- The orders of two years lie packed in a folder. All objects whose names
-- begin with its name are one load, which a cluster reads in parallel. --print
-- shows the statement and sends nothing.
\copyfrom --print orders_raw :raw/archive/
\copyfrom --create orders_raw :raw/archive/

-- ------------------------------------------------------------------------
-- 5. A load that fails, and why
-- ------------------------------------------------------------------------
-- One line of this year is wrong. COPY loads all or nothing, and names a
-- system table to look into. redsh looks for you: the file, the line,
-- the field, and what to type.
\set ON_ERROR_STOP off
\copyfrom orders_raw :raw/orders/*.csv
\set ON_ERROR_STOP on
select count(*) as still_only_the_archive from orders_raw;
-- \loaderrors tells it again as a row, also of loads of last week; \x shows
-- rows as records.
\x on
\loaderrors 1
\x off

-- ------------------------------------------------------------------------
-- 6. The cure
-- ------------------------------------------------------------------------
-- One bad line may pass, and is told. It is known now, so it can be put in by
-- hand: somebody wrote "two" for 2.
\copyfrom orders_raw :raw/orders/*.csv --max-errors 1
insert into orders_raw
values (117997, 1, '2024-07-31 10:14', 257, 'P0041', 2, 66.75, 0.15, 'store');
select date_trunc('year', order_date)::date as year,
       count(*) as lines, count(distinct order_id) as orders
from orders_raw group by 1 order by 1;

-- ------------------------------------------------------------------------
-- 7. A star: facts in the middle, dimensions around
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
-- 8. Questions
-- ------------------------------------------------------------------------
-- Revenue by month and region. \chart behind a query draws it:
select date_trunc('month', s.order_date)::date as month,
       coalesce(c.region, 'unknown') as region, sum(s.revenue) as revenue
from sales s
left join dim_customer c on c.customer_id = s.customer_id
where s.order_date >= '2024-01-01'
group by 1, 2 order by 1, 2
\chart area --stack --width 78

-- Best products, and how often they come back:
select p.product, p.category, sum(s.revenue) as revenue,
       sum(s.quantity) as sold,
       round(100.0 * sum(s.returned) / sum(s.quantity), 1) as returned_pct
from sales s join dim_product p on p.product_id = s.product_id
group by p.product, p.category
order by revenue desc
limit 5;

-- When people buy: a grid of weekdays and quarters of the year, in numbers.
select extract(quarter from order_date) as quarter,
       to_char(order_date, 'D Dy') as weekday, sum(revenue) as revenue
from sales group by 1, 2 order by 2, 1
\chart heat quarter weekday revenue --width 60

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

-- The same picture as a file, light or dark as the page that shows it:
select p.category, sum(s.revenue) as revenue
from sales s join dim_product p on p.product_id = s.product_id
group by 1 order by 2 desc
\chart hbar --svg :picture

-- ------------------------------------------------------------------------
-- 9. A report, as a file here
-- ------------------------------------------------------------------------
-- \copyto writes UNLOAD around the query, its quotes doubled. --download
-- fetches what the cluster wrote, as one file with one header.
\copyto (select to_char(order_date, 'YYYY-MM') as month, channel, sum(revenue) as revenue from sales group by 1, 2 order by 1, 2) --download :report
\! head -n 5 "$REPORT"

-- ------------------------------------------------------------------------
-- 10. A dashboard of QuickSight
-- ------------------------------------------------------------------------
-- Queries become data sets, and visuals by the shape of their columns. The
-- login is the platform's secret; nothing is typed.
\quicksight publish Sales (select category, sum(revenue) as revenue from sales s join dim_product p on p.product_id = s.product_id group by 1 order by 1)
\quicksight dashboards
-- What QuickSight's table says must be what the query says: the rows of both,
-- compared.
\quicksight report Sales --csv :board_csv
\quicksight report Sales --pdf :board_pdf
\set QUIET on
\pset format csv
\o :answer
select category, sum(revenue) as revenue from sales s join dim_product p on p.product_id = s.product_id group by 1 order by 1;
\o
\pset format aligned
\set QUIET off
\! tr -d '\r' <"$BOARD" | tail -n +2 | sort >"$BOARD.rows"
\! tail -n +2 "$ANSWER" | sort | diff "$BOARD.rows" - && cat "$BOARD.rows" && echo 'The dashboard and the query say the same.'

-- ------------------------------------------------------------------------
-- 11. What was done
-- ------------------------------------------------------------------------
\x on
\loads 3
\unloads 1
\x off

\set ECHO none
\if :{?keep}
  \echo 'Kept: the dashboard Sales, the platform, and the files in' :folder
  \q
\endif
\set ECHO all
-- ------------------------------------------------------------------------
-- 12. The end
-- ------------------------------------------------------------------------
-- The dashboard goes, then the platform with its bucket: nothing costs after
-- that but a last snapshot. To keep all: redsh ... -v keep=1
\quicksight delete Sales --yes
\set QUIET on
\platform delete :folder --yes sales-story --with-data
\set ECHO none
\echo 'That was the story.'
