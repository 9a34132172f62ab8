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
