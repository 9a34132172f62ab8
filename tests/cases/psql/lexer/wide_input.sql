select '漢字' as 漢字, 'é' as é, '😀' as "😀";
select ünïcode from (select 1 as ünïcode) x;
create table 表 (列 int);
insert into 表 values (1);
select * from 表;
\echo 漢字 :表 é
\set 漢 '字'
select :'漢' as v;
select nosuch漢 from 表;
