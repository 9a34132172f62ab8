select 1 as a, 'two' as b, null as c \gset
\echo :a :b :c
select 3 as a \gset pre_
\echo :pre_a
select 1 as x where false \gset
select generate_series(1, 2) as x \gset
select 1 as "a b" \gset
select 'no' as "AUTOCOMMIT" \gset
\echo :AUTOCOMMIT
select 5 as n \; select 6 as n \gset
\echo :n
select 1/0 as n \gset
\echo :n
select 'select ' || x || ' as r' from generate_series(1, 3) x \gexec
select 'select 1/0', 'select 2 as after', null \gexec
select 1 as a, 'x'::varchar(10) as b, 1.5::numeric(8,2) as c, now()::timestamp(3) as d, true as e, null as f \gdesc
create table t (a int) \gdesc
select nosuch \gdesc
select 7 as again;
\g
\p
\gx
select 1 as a, 2 as b \gx
select 'kept' as a \g out.txt
select 'piped' as a \g |tr a-z A-Z
select 1 as a, 2 as b \g (format=csv)
select 1 as a, null as b \g (null=NIL border=2)
select 1 as a \g (format=unaligned tuples_only=on) opt.txt
select 1 as a;
select 1 as a \g no/such/folder
