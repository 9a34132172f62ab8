\conninfo
\c - - - -
\conninfo
