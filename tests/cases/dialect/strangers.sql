-- What other people's administration scripts lean on: values that become text
-- by themselves, + between texts, catalog columns and types of PostgreSQL 8.
create table st_parent (id int primary key, at timestamp default sysdate, n varchar(9) default 'x');
create view st_child as select id from st_parent;
select '--drop ' + quote_ident(relname) + ';' as ddl, 'a' + 'b' as both, relname + '!' as mark from pg_class
where relname = 'st_parent';
select trim(l.database) = trim(d.oid) as same from pg_locks l join pg_database d on d.oid = l.database limit 1;
select lpad(7, 3, '0') as padded, 12 || lpad(4, 3, '0') as joined, upper(date '2024-01-02') as day,
       replace(1234.5, '.', ','), substring(20240102, 1, 4) as year, len('x') as len, strpos(1020, '2');
select srcobj.relname as source, tgtobj.relname as dependent
from pg_catalog.pg_class srcobj join pg_catalog.pg_depend srcdep on srcobj.oid = srcdep.refobjid
join pg_catalog.pg_depend tgtdep on srcdep.objid = tgtdep.objid
join pg_catalog.pg_class tgtobj on tgtdep.refobjid = tgtobj.oid and srcobj.oid <> tgtobj.oid
where tgtdep.deptype = 'i' and tgtobj.relkind = 'v' and srcobj.relname = 'st_parent' group by 1, 2;
select adnum, adsrc from pg_attrdef where adrelid = 'st_parent'::regclass order by 1;
select count(*) >= 0 as known from pg_proc where oid::regprocedure = 'abs(integer)'::regprocedure;
select * from stl_scan;
select 1 from pg_class c left join svl_qerror e on true;
drop table st_parent cascade;
