create table t (a int);
insert into t values (1), (2);
\o out.txt
copy t to stdout;
\echo on stdout
\o
copy t to stdout \g g.txt
copy t to stdout \g |cat -n
\o |cat -n
copy t to stdout;
select * from t;
\o
copy t to stdout;
