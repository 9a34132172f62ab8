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
\lo_nosuch
\g /no/such/dir/x
\w
\w /no/such/dir/x
\cd /no/such
\d nosuchtable
\watch
\watch x
\timing x
\unset
\setenv
\prompt
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
