-- options: -q
\x
\a
\t
\pset border 2
\pset null x
\timing
\timing
\C t
\encoding
\r
\p
\conninfo
\c
\errverbose
\o
\cd
\pset
