\qecho a 'b c' "d" :DBNAME
\qecho -n x
\qecho
\warn a 'b c' :DBNAME
\warn -n no newline
\warn
\echo -n x
\echo
\o out.txt
\qecho to the file 漢字
\echo to stdout
\warn to stderr
\o
