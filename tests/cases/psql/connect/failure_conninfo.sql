\c "nosuch=1"
select 1 as a;
\c "dbname=postgres"
select 2 as b;
