\pset format csv
select '\.' as "\.";
select E'a\n\\.\nb' as x;
\t
select '\.' as a;
select '\' as a;
select 'x"y' as a, 'x' as "q""q";
