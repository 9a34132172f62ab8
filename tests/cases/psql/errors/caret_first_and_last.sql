nosuch;
selec 1;
select 1 from;
select;
select 1 +;
select (1;
);
select ''';
' from nosuch;
select 1 2 3 4;
select * from nosuch where a = 1
