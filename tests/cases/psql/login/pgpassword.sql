-- env: PGUSER=locked PGPASSWORD=sesame
select current_user;
\c - tester
\c - locked
select current_user;
