\pset expanded on
\pset expanded off
\pset expanded auto
\pset expanded true
\pset expanded 0
\pset expanded a
\pset expanded au
\pset expanded AUTO
\pset expanded maybe
\pset expanded ''
\x maybe
\x a b
