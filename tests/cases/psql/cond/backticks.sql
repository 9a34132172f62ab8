\if `echo true`
\echo yes
\endif
\if `false`
\echo no
\endif
\if `test -f nosuch && echo yes || echo no`
\echo no
\else
\echo no such file
\endif
\if false
\elif `echo on`
\echo elif
\elif `touch never`
\endif
\if :nosuch
\echo no
\endif
\if ':DBNAME'
\endif
\if :'DBNAME'
\endif
\set yes true
\if :yes
\echo variable
\endif
\if :"yes"
\echo no
\else
\echo quoted name
\endif
