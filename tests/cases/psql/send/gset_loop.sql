create table todo (id int, name text);
insert into todo values (1, 'one'), (2, 'it''s'), (3, '漢');
select count(*) as n from todo \gset
\echo :n rows
select name from todo where id = 1 \gset
select :'name' as got;
select name from todo where id = 2 \gset
select :'name' as got, length(:'name') as len;
select name from todo where id = 3 \gset
select :'name' as got;
select 'todo' as tab, 'name' as col \gset
select :"col" from :"tab" where id < :n order by id;
select max(id) + 1 as next from todo \gset
insert into todo values (:next, 'row ' || :next);
select * from todo order by id;
