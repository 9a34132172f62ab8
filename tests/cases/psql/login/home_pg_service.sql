\! cp inc_services.txt .pg_service.conf
\c service=locked_one
select current_user, current_setting('application_name');
\c service=nosuch
