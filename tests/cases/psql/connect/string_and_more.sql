\c "dbname=postgres" tester
\c postgresql:///postgres - localhost
select 1 as a;
\c -reuse-previous=x postgres
select 2 as b;
