create temp table t (a int);
set work_mem = '1MB';
prepare p as select 1;
begin;
\c
select * from t;
show work_mem;
execute p;
commit;
