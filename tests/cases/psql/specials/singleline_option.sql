-- options: -S
select 1 as a
select 2 as b

-- comment
select 'x
y' as multi
\echo z
create table t (a int)
insert into t values (1)
