-- env: PGUSER=locked PGPASSFILE=inc_other_passwords.txt
-- options: -w
select current_user;
