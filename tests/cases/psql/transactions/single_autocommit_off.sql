-- options: -1
\set AUTOCOMMIT off
create table t (a int);
select 1 as a;
