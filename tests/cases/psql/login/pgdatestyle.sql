-- env: PGDATESTYLE='SQL, DMY' PGTZ=Asia/Tokyo
show datestyle;
select date '2024-12-31' as d, timestamptz '2024-01-01 00:00+00' as t;
