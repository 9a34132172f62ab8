\pset border 0
\pset border 1
\pset border 2
\pset border 3
\pset border 65536
\pset border -1
\pset border x
\pset border ''
\pset border 1x
\pset border 1 extra
