select 1 as a; select 2 as b; \echo three; \echo four
select 5 as e; \echo :DBNAME is no \\ select 6 as f; select 7
as g;
\echo a \\ select 8 as h \g
select 9 as i \g \echo after
select 10 as j \; select 11 as k \g
\x \\ select 12 as l; \x
\t\a\\select 13 as m;
\t\a
select 14 as n \gset \echo :n
\pset border 2 \\ select 15 as o; \pset border 1
