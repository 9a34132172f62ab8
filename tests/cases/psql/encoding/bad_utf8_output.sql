set client_encoding = 'SQL_ASCII';
select convert_from('\xe9'::bytea, 'LATIN1') as ok;
select '\xff'::bytea as b;
