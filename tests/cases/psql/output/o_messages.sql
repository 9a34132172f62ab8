\o out.txt
create table t (a int);
insert into t values (1);
\x
\pset format csv
\timing off
select * from t;
select 1/0;
do $$ begin raise notice 'n'; end $$;
\d nosuch
\! echo shell
\p
\conninfo
\encoding
\pset
\errverbose
\o
select 'back' as b;
