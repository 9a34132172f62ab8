\o /no/such/dir/x
select 1 as a;
\o one.txt two.txt
select 2 as b;
\o
\o 'with space.txt'
select 3 as c;
\o
\set f named.txt
\o :f
select 4 as d;
\o :nosuch
select 5 as e;
\o ''
select 6 as f;
