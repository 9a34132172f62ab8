-- env: PGUSER=locked PGPASSFILE=inc_passwords.txt
select current_user;
