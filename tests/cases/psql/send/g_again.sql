\g
select 1 as a;
\g
\g
select 2 as b
\g
\g
create table t (a int);
\g
\r
\g
select 3 as c \r
\g
select 4 as d;
\p
\g
select 1/0;
\g
\echo :ERROR
