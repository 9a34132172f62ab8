-- options: -v ON_ERROR_STOP=1
\! exit 3
\echo goes on
\o no/such/dir/file
\echo never
