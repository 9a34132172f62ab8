-- env: PGUSER=locked PGPASSWORD=guess
select current_user;
