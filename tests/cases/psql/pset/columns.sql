\pset columns 80
\pset columns 0
\pset columns -5
\pset columns x
\pset columns
