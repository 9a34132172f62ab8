create type mood as enum ('low', 'high');
create domain pos as int check (value > 0);
create type pair as (a int, b text);
create table t (m mood, p pos, c pair, cs pair[]);
insert into t values ('low', 1, (1, 'x'), array[(2, 'y')::pair, null]);
select * from t;
insert into t values ('mid', 1);
insert into t values ('low', -1);
select (c).a, (c).b from t;
select enum_range(null::mood);
select m, p, c, cs from t \gdesc
