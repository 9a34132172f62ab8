\i inc_o.txt
select 'still in the file' as a;
\o
\! cat out.txt
