\pset format a
\pset format al
\pset format w
\pset format wr
\pset format u
\pset format c
\pset format cs
\pset format h
\pset format as
\pset format asc
\pset format l
\pset format latex
\pset format latex-
\pset format t
\pset format troff
\pset format ALIGNED
\pset format CSV
\pset format x
\pset format ''
\pset format alignedx
\pset format
\a
\a
\pset format csv
\a
\pset format html
\H
\H
\a
