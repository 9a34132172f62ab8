create sequence s;
\x
select 1/(3 - nextval('s')) as x \watch 0.01
\x
\t
select 1/(6 - nextval('s')) as x \watch 0.01
\t
\pset format csv
select 1/(9 - nextval('s')) as x \watch 0.01
\pset format aligned
create table t (a int check (a < 3));
insert into t select nextval('s') - 9 \watch 0.01
\watch 0.01
select 'kept';
