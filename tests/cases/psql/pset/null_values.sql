\pset null NULL
\pset null 'a b'
\pset null ''
\pset null 'it''s'
\pset null '\n'
\pset null "double"
\pset null 漢
\pset null
select null as a, 1 as b;
\x
select null as a, 1 as b;
\pset null a b
