create table t (
    id int identity(10, 5),
    d  date not null sortkey default '2024-01-01',
    v  varchar(max) encode zstd,
    c  decimal,
    s  text
) diststyle key distkey (v);
insert into t (v, c) values ('a', 1.6), ('b', 2);
select * from t order by id;
select "column", type, encoding, distkey, sortkey, "notnull"
from pg_table_def where tablename = 't' order by 1;
insert into t (id, v) values (1, 'x');
insert into t (v, d) values ('x', null);
create table if not exists t (x int) diststyle all;
create table u (like t);
select "column", distkey, sortkey from pg_table_def where tablename = 'u' order by 1;
-- Keys are known, not enforced.
create table k (a int primary key, b int references k (a), unique (b));
insert into k values (1, 7), (1, 7);
select count(*) as twins from k;
insert into k values (null, 1);
create table bad (a int) distkey (b);
select count(*) as bad from pg_table_def where tablename = 'bad';
alter table t alter distkey c;
alter table t alter compound sortkey (c, id);
alter table t alter column s encode lzo;
select "column", encoding, distkey, sortkey from pg_table_def where tablename = 't' order by 1;
alter table missing alter distkey c;
create table copy_of distkey (id) as select id, v from t;
select "column", type, distkey from pg_table_def where tablename = 'copy_of' order by 1;
begin;
truncate t;
rollback;
select count(*) as truncate_commits from t;
drop table t, u, k, copy_of;
