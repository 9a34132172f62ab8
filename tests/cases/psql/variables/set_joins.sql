\set a one two three
\echo [:a]
\set a 'one ' two ' three'
\echo [:a]
\set a one 'quoted' "double" `echo tick`
\echo [:a]
\set a
\echo [:a]
\set a ;
\echo [:a]
\set a 'x';
\echo [:a]
\set a x;
\echo [:a]
\set a 1 \echo [:a]
\set a 1 \\ \echo [:a]
\set a \\ \echo [:a]
\set a 'back\\slash'
\echo [:a]
