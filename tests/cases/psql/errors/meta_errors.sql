\nosuch
\
\x maybe
\a b
\C a b
\encoding nosuch
\encoding a b
\o /no/such/dir/x
\o |false
\o
\copy
\copy nosuch
\lo_nosuch
\g /no/such/dir/x
\w
\w /no/such/dir/x
\cd /no/such
\d nosuchtable
\sf
\watch
\watch x
\crosstabview
\timing x
\unset
\setenv
\prompt
\pset format nosuch
\set 1-2
\if
\endif
\elif
\else
\endif
\gset
\gexec
\gdesc
\g
\gx
\c nosuchdb
