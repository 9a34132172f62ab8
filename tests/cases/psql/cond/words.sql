\if true
\echo true
\endif
\if TRUE
\echo TRUE
\endif
\if t
\echo t
\endif
\if tr
\echo tr
\endif
\if yes
\echo yes
\endif
\if y
\echo y
\endif
\if on
\echo on
\endif
\if o
\echo o?
\else
\echo o is not clear
\endif
\if 1
\echo 1
\endif
\if 2
\echo 2
\endif
\if 00
\echo 00
\endif
\if 'true'
\echo quoted
\endif
\if "true"
\echo double
\else
\echo double quoted is no word
\endif
\if fal
\echo no
\else
\echo fal
\endif
\if of
\echo no
\else
\echo of
\endif
\if n
\echo no
\else
\echo n
\endif
\if truex
\echo no
\endif
\if ''
\echo empty
\endif
\if
\echo nothing
\endif
