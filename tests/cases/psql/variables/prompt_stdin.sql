-- options: --stdin
\prompt first
line for first
\echo [:first]
\prompt 'Text: ' second
  spaces kept  
\echo [:second]
\prompt 'two' 'words' third
third line
\echo [:third] [:words]
\prompt -x fourth
4
\echo [:fourth]
\prompt 'Empty: ' fifth

\echo [:fifth]
\prompt AUTOCOMMIT
maybe
\echo :AUTOCOMMIT
\prompt bad-name
x
\prompt last
