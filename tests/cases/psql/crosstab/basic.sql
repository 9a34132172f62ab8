create table m (row_ text, col text, v int);
insert into m values ('a', 'x', 1), ('a', 'y', 2), ('b', 'x', 3), ('c', 'z', null);
select row_, col, v from m \crosstabview
select row_, col, v from m \crosstabview row_ col v
select row_, col, v from m \crosstabview 1 2 3
select row_, col, v from m \crosstabview col row_ v
select col, row_, v from m order by 1, 2 \crosstabview
select v, row_, col from m \crosstabview row_ col v
select row_, col, v, -v as ord from m \crosstabview row_ col v ord
