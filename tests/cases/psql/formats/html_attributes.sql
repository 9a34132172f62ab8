\pset format html
\pset tableattr 'border="7" class="x"'
select 1 as a, '  leading' as b, E'a  b\n\nc' as c;
\x
select 1 as a, '  leading' as b, E'a  b\n\nc' as c;
\pset tableattr
select 1 as a;
\pset border 0
select '' as "", ' ' as " ", null as n;
\C '<title>'
\x
select '' as "", ' ' as " ", null as n;
create table t (a int);
