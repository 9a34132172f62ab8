\set x 1
\set y 'it''s' ' more' "quoted"
\echo :x :y :nosuch
\echo :'y' :"y" :{?x} :{?nosuch}
select :x as a, :'y' as b, :{?x} as c, :{?nosuch} as d;
\set table pg_class
select count(*) > 0 as ok from :table;
\set empty
\echo [:empty]
\unset x
\echo :x
select ':y' as quoted, $$ :y $$ as dollar, 1::text as cast;
\set a-b 1
\unset
\set semi 'select 7 as seven;'
:semi
\set part 'select 8 as '
:part eight;
\echo 'a\tb\nc\x41\101\\'
\echo "double :y" 'single :y' :y
\echo `echo from the shell` done
\set v `printf 'two\nlines\n'`
\echo :v
\set quoted 'a b'
\echo `printf '<%s>' :'quoted'`
\echo one\\ \echo two
\echo -n no newline
\echo
\echo -n
\echo x -n y
\qecho to the output
\warn to stderr
\getenv e FROM_ENV
\echo :e
\getenv none NO_SUCH_VARIABLE
\echo :none
\setenv NEW_ONE value
\getenv e NEW_ONE
\echo :e
\setenv NEW_ONE
\getenv gone NEW_ONE
\echo :gone
\setenv A=B c
\setenv
\getenv x
