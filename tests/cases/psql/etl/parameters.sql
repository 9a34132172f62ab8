-- options: -v limit=3 -v "name=O'Brien" -v flag=yes -v empty=
create table people (id serial, name text);
insert into people (name) values (:'name'), ('Ada'), (:'empty');
select * from people where name = :'name' or id > 1 order by id limit :limit;
\if :flag
select 'flag is on' as f;
\endif
select :{?limit} as has_limit, :{?missing} as has_missing, :'empty' = '' as is_empty;
\if :{?missing}
\else
\set missing 'default value'
\endif
\echo :missing
