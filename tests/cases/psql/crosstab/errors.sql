create table m (row_ text, col text, v int);
insert into m values ('a', 'x', 1), ('a', 'x', 2);
select row_, col, v from m \crosstabview
select 1 as a, 2 as b \crosstabview
select 1 as a \crosstabview
select 1 as a, 2 as b, 3 as c, 4 as d \crosstabview
select 1 as a, 2 as b, 3 as c \crosstabview a a c
select 1 as a, 2 as b, 3 as c \crosstabview nosuch b c
select 1 as a, 2 as b, 3 as c \crosstabview 9 b c
select 1 as a, 2 as b, 3 as c \crosstabview 0 1 2
select 1 as a, 2 as a, 3 as c \crosstabview a 2 c
select 1 as a, 2 as b, 3 as c, 'x' as d \crosstabview a b c d
select 1/0 as a, 2 as b, 3 as c \crosstabview
create table x (a int) \crosstabview
select row_, col, v from m where false \crosstabview
select 1 as a, 2 as b, 3 as c \crosstabview a b c d e f
\echo :ERROR
;
\crosstabview
