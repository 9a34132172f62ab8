\echo a'b'c "d"e f"g h"i
\echo '\n' '\t|' '\x41\x4a\7'
\echo :'none' :"none" :none
\set n 'a b'
\echo :n :'n' :"n" x:n:n
\set bs 'a\\b'
\echo :bs :'bs'
\echo a\
\echo \\ \echo \echo x
\x\t\a
\x\t\a
\pset format  aligned   extra words
\pset null 'a b' c
\set multi a b "c d" 'e f'
\echo :multi
\unset multi extra
\echo :multi
\t maybe
\x maybe
\timing maybe
\a;
\cd nosuch;
\i nosuch;
\o out.txt;
select 1;
\o
\! cat out.txt
\echo;
\echo a;
\gx extra extra
\g
\nosuch a b c \echo not here
\! echo "quotes" 'and' \backslash :v
\echo |pipe
\w
\w |cat
select 1 as kept
\w |cat
\w file.txt
;
\ir
\warn to stderr
\warn -n no newline
\warn
\qecho -n no newline
\qecho
\errverbose extra
\if true extra
\endif
\elif
