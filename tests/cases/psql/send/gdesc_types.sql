select 1 as i2, 1::int2 as s, 1::int8 as b, 1.0 as n, 1::numeric(5,2) as n52, 'x' as u, 'x'::text as t, 'x'::varchar as v, 'x'::varchar(7) as v7, 'x'::char(3) as c3, 'x'::bpchar as bp \gdesc
select true as b, now() as ts, now()::timestamp(0) as ts0, current_date as d, '1 day'::interval day as i, time '1:00' as t, b'1' as bit, b'1'::varbit(4) as vb, '{}'::int[] as a, array['x']::varchar(3)[] as av \gdesc
select \gdesc
create table t (a int, "B" text) \gdesc
select * from t \gdesc
create table t (a int, "B" text);
select * from t \gdesc
select "B" as "dup", a as "dup" from t \gdesc
insert into t values (1) \gdesc
insert into t values (1) returning * \gdesc
update t set a = 2 \gdesc
select count(*) from t;
values (1, 'a') \gdesc
table t \gdesc
explain select 1 \gdesc
show search_path \gdesc
select $1::int as param \gdesc
select 1 as a \; select 2 as b \gdesc
select nosuch \gdesc
selec 1 \gdesc
begin \gdesc
;
\gdesc
select 'kept' as k;
\gdesc
