-- options: -q
\pset border 2
\pset format csv
\pset null
\pset
\x
\t
\a
\H
\C x
\f
\pset nosuch
