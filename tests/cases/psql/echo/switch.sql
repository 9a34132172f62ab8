\set ECHO queries
select 1 as a;
\set ECHO all
select 2 as b;
\echo shown
\set ECHO none
select 3 as c;
\set ECHO errors
select 1/0;
\set ECHO none
select 1/0;
