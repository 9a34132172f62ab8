\pset title 'a title'
\pset title
\C x
\C 'two words'
\C two words
\C ''
select 1 as a;
\C
\pset C named
\pset C
\pset title 'it''s'
\pset
\T a
\T 'border=1'
\T
\pset T x
\pset tableattr 'it''s'
\pset tableattr
