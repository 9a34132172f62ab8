\set SINGLELINE on
select 1 as a
select 2 as b;
select 3 as c; select 4 as d
select (5
) as e
\set SINGLELINE off
select 6
as f;
