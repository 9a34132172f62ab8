\pset nosuch
\pset nosuch on
\pset ''
\pset BORDER 1
\pset border=1
\pset xheader
\pset bord 1
