set client_encoding = 'LATIN1';
\encoding
\echo :ENCODING
select chr(233) as e;
reset client_encoding;
\encoding
\echo :ENCODING
set client_encoding to 'nosuch';
set names 'LATIN9';
\encoding
select chr(8364) as euro;
