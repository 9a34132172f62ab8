create table dim (k int primary key, v text, changed int default 0);
insert into dim values (1, 'a'), (2, 'b');
create temp table incoming (k int, v text);
copy incoming from stdin (format csv);
2,B
3,c
\.
insert into dim (k, v) select k, v from incoming on conflict (k) do update set v = excluded.v, changed = dim.changed + 1 returning k, v, changed;
merge into dim using (values (1, 'x'), (9, 'y')) s(k, v) on dim.k = s.k when matched then update set v = s.v when not matched then insert values (s.k, s.v, 0);
select * from dim order by k;
delete from dim using incoming i where i.k = dim.k returning dim.*;
truncate dim;
