\set ECHO_HIDDEN on
select 1 as a \gdesc
\set ECHO queries
select 1 as a \gdesc
