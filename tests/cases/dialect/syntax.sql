create table #tmp (a int, "Mixed Case" varchar(10));
insert into #tmp values (1, 'it\'s'), (2, 'a\\b'), (3, 'tab\there');
select top 2 * from #tmp order by a;
select top 1 a from #tmp union all (select top 1 a from #tmp order by a desc);
select a from #tmp minus select 2 order by a;
select "MIXED CASE" from #TMP where a = 1;
select a into #other from #tmp where a > 1;
select count(*) from #other;
delete #other where a = 2;
select * from #other;
select wrong from #tmp;
select 'ä', top_secret from #tmp;
with x as (select 1 as n) select n::varchar(max) from x;
select 1 as "returning", 2 as year;
-- Quoted names fold unless the session says otherwise.
set enable_case_sensitive_identifier to true;
create table "Folded" ("A" int);
select "A" from folded;
select "A" from "Folded";
drop table "Folded";
reset enable_case_sensitive_identifier;
-- A leader-node function on a table: INFO, then the error.
select now() is not null, a from #tmp;
-- The body of a procedure is Redshift SQL too.
create procedure grow(n int) as $$
begin
	update #tmp set a = nvl(a, 0) + n where a = decode(n, 5, 1, 0);
end;
$$ language plpgsql;
call grow(5);
select top 3 a from #tmp order by a;
drop procedure grow(int);
select a into #copy from #tmp where a > 1;
-- A condition can use the aliases of its list; a column of FROM goes first.
create table #alias (a int, b int);
insert into #alias values (1, 10), (2, 20), (3, 30);
select a + 1 as "Next" from #alias where next > 2 and b < 30;
select a as n from #alias where n = 1 union all select b as m from #alias where m = 30 order by 1;
select b as a, a as c from #alias where a = 2;
select a as "null", b as day from #alias where date '2024-02-02' - interval '1' day > '2024-01-31' and day > 20 and b is not null;
select b as x, a as y from #alias t where y in (select x from (select 3 as x) s);
select sum(a) as total from #alias where total > 1;
select rank() over (order by a) as place from #alias where place = 1;
-- An integer for a condition, not elsewhere.
select a from #alias where 1 and a > 2;
select count(*) from #alias where 0 or b between 10 and 20 and not 0;
select count(*) from #alias where case when a = 1 and b = 10 then 1 end between 1 and 1 and 1 order by 1;
delete #alias where 0;
select count(*) from #alias where 1;
select a from #alias where a and 1;
select 1 and true;
-- ARRAY[..] is for queries of the catalog alone.
create table keyed (a int primary key, b int);
create table keys (c int references keyed (a), unique (c));
select conkey, pg_get_constraintdef(oid, true) as def from pg_constraint where conrelid = 'keys'::regclass and 1 union select array[7::smallint], 'x' from pg_namespace order by def;
select array[1];
select array[a] from keyed, pg_namespace;
create view arrays as select array[1] as a;
-- A late-binding view has no columns in the catalog; a view's have no encoding.
create view early as select a, b from keyed;
create view late as select a, b from public.keyed with no schema binding;
select relname, attname, format_encoding(attencodingtype::integer) as encoding from pg_attribute join pg_class on attrelid = pg_class.oid where relname in ('early', 'late', 'keyed') and attnum > 0 order by 1, 2;
select * from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int) where 1 and view_name = 'late' order by col_num;
drop view late;
drop view early;
drop table keys;
drop table keyed;
