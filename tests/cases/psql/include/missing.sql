\i nosuch.sql
\i 'no such file'
\i
\i ''
\i .
\i nosuch.sql extra
\ir nosuch.sql
\ir sub/nosuch.sql
\ir
\include nosuch
\include_relative nosuch
\i inc_part.txt inc_whole.txt
1 as b;
