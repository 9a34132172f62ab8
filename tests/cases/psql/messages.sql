\conninfo extra words
\echo a \x on extra
\a extra
\p extra
\encoding
\encoding nosuch
\encoding UTF8
\timing off
\timing on extra
\timing off
\copyright_no
\t on
\t
\t
\x
\x
\x auto
\x off
\C title
\C
\T attr
\T
\H
\H
\unset nosuch
\set QUIET on
\x
\x
\t
\t
\a
\a
\pset border 1
\r
\p
\timing on
\timing off
