\if true
select 1 as a;
\if false
select 2 as b;
