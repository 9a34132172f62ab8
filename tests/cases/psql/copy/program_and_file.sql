copy (select 1) to '/no/such/dir/file';
create table t (a int);
copy t from '/no/such/file';
copy t from program 'echo 1; echo 2';
select * from t;
copy t to program 'cat >/dev/null';
