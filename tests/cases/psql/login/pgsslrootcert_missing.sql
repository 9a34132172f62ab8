-- env: PGSSLMODE=verify-ca PGSSLROOTCERT=no_such.crt PGHOST=127.0.0.1 PGPORT=1
select 1;
