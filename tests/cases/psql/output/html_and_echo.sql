\H
\echo <p>
select '<&>' as a;
\qecho <hr>
create table t (a int);
\H
select 1 as a;
