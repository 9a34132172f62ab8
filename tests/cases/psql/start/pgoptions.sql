-- env: PGOPTIONS='-c search_path=pg_catalog -c datestyle=german' PGTZ=Asia/Tokyo
show search_path;
select date '2024-12-31';
show timezone;
