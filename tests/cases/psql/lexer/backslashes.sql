\
\\
\ echo x
select 1 \ as a;
select 2 as b \
;
select '\\' as c, '\echo' as d;
\\ select 3 as d;
\\\\ select 4 as e;
\;
\:
select 1\:: int;
\echo \\\echo x
\echo\\\echo y
\qecho\\ \qecho z
