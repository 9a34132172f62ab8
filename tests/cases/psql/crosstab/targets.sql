select 'a' as r, 'b' as c, 1 as v \crosstabview
\g
\o out.txt
select 'a' as r, 'b' as c, 1 as v \crosstabview
\o
select 'a' as r, 'b' as c, 1 as v \; select 'd' as r, 'e' as c, 2 as v \crosstabview
\set SHOW_ALL_RESULTS off
select 'a' as r, 'b' as c, 1 as v \; select 'd' as r, 'e' as c, 2 as v \crosstabview
\echo :ROW_COUNT
