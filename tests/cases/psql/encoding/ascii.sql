\encoding SQL_ASCII
select chr(233) as e, '漢' as k;
select length('漢') as n;
\echo 漢
select '漢', nosuch;
