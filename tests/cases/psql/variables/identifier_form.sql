\set t 'My Table'
\set q 'a"b'
\set e ''
\set dot 'a.b'
create table :"t" (:"q" int, :"dot" text);
insert into :"t" values (1, 'x');
select :"q", :"dot" from :"t";
select * from :"t" as :"q";
select 1 as :"e";
select :"nosuch";
\echo :"t" :"q" :"e" :"dot" :"nosuch"
