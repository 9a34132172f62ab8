\set ECHO all
select 1 as a;

select 2
  as b;
\set ECHO queries
select 3 as c; select 4 as d;
\set ECHO errors
select 1/0;
select 5 as e;
\set ECHO none
select 6 as f;
