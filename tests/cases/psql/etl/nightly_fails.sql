-- options: -v ON_ERROR_STOP=1 -v run_date=yesterdayish
create table orders (day date);
select count(*) from orders where day = :'run_date';
\echo never
