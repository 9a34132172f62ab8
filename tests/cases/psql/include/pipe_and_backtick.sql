\i `echo inc_whole.txt`
\set f inc_whole.txt
\i :f
\i :'f'
\i 'inc_whole.txt'
\i "inc_whole.txt"
\i inc_whole.txt;
\i inc_*.txt
\i |cat
