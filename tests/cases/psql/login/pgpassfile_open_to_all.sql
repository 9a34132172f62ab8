-- env: PGPASSFILE=inc_passwords.txt
-- options: -w
\! chmod 644 inc_passwords.txt
\c - locked
select current_user;
