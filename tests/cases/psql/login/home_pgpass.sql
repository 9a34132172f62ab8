\! cp inc_passwords.txt .pgpass && chmod 600 .pgpass
\c - locked
select current_user;
