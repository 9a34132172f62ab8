\set a :b
\echo :a
\set b 2
\echo :a
\set c :b
\echo :c
\set b 3
\echo :c :b
\set list 1
\set list :list ',' 2
\set list :list ',' 3
\echo :list
select :list;
\set quoted :'list'
\echo :quoted
\set ident :"list"
\echo :ident
\set twice :list:list
\echo :twice
