\set FETCH_COUNT 2
begin;
select g from generate_series(1, 3) g;
commit;
\set AUTOCOMMIT off
select g from generate_series(1, 3) g;
rollback;
\set AUTOCOMMIT on
select nosuch;
select g
 from nosuch;
-- comment
select g from generate_series(1, 3) g;
(select 1 as a);
select 1/0;
select 'alive' as a;
