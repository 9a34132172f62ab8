-- options: -a
-- A PostgreSQL's scripts are echoed as they are.
create role echoed password 'shown' nosuch;
create user echoed password disable;
\set ECHO errors
alter role nobody_here password 'shown';
\set ECHO queries
alter role nobody_here password 'shown'; select 'password=shown';
