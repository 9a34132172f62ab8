-- env: PGSERVICE=mine PGSERVICEFILE=inc_service.conf
select current_database();
show application_name;
