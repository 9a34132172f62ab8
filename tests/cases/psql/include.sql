\i inc_one.txt
\ir inc_one.txt
\include inc_two.txt
\echo back :from_inc
\i inc_quit.txt
\echo after quit in a file
\i
\o out.txt
select 'to the file' as a;
\qecho also to the file
\echo to stdout
\o
\o |cat -n
select 'piped' as a;
\o
select 'back' as a;
\! echo from the shell
\! exit 3
\cd /
\! pwd
