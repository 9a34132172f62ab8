\getenv home FROM_ENV
\echo :home
\getenv x NO_SUCH_THING
\echo :x
\set x before
\getenv x NO_SUCH_THING
\echo :x
\setenv NEW 'a value'
\getenv y NEW
\echo :y
\! echo "$NEW"
\echo `echo $NEW`
\setenv NEW ''
\getenv y NEW
\echo [:y]
\setenv NEW
\getenv y NEW
\echo [:y]
\setenv
\setenv A=B
\setenv A=B C
\setenv '' x
\getenv
\getenv a
\getenv a b c
\getenv a-b HOME
\setenv A B C
