select 1 as a \g one.txt
select 2 as a \g one.txt
select 3 as a \g 'with space.txt'
\set f 'from_variable.txt'
select 4 as a \g :f
select 5 as a \g :"f"
select 6 as a \g `echo from_tick.txt`
select 7 as a \g no/such/dir/file
select 8 as after;
create table t (a int) \g tag.txt
insert into t values (1), (2) \g tag2.txt
select * from t where false \g empty.txt
select 1/0 \g error.txt
copy t to stdout \g copied.txt
copy t to stdout;
select 9 as a \; select 10 as b \g both.txt
\qecho not in a file
select 'a' as a \g one.txt extra
