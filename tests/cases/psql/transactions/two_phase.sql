begin;
create table t (a int);
prepare transaction 'x';
commit prepared 'nosuch';
rollback prepared 'nosuch';
