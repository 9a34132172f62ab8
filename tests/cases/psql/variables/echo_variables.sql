\set v 'a b  c'
\echo :v
\echo ':v'
\echo ":v"
\echo :v:v
\echo a:v b:'v' c:"v"
\echo :v, :v; :v.
\echo ::v :::v
\echo \:v
\echo : :: :- :1 :'
\echo :'v
\echo :"v
\echo done
\set bs 'a\\b'
\echo :bs :'bs' :"bs"
\set q 'a''b"c'
\echo :q :'q' :"q"
