\set col nosuch
select 1, :col;
\set t 'no such'
select * from :"t";
\set long 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
select :'long', nosuch;
\set two 'select 1, nosuch'
:two;
