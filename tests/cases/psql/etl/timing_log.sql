\timing on
select 1 as a;
\o log.txt
select 2 as b;
\o
\timing off
\! wc -l < log.txt
