\o one.txt
select 1 as a;
\qecho a line
\qecho -n no newline
\qecho
\echo stdout
\warn stderr
\o two.txt
select 2 as b;
\o
select 3 as c;
\o one.txt
select 4 as d;
