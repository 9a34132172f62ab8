\pset format aligned
\pset format asciidoc
\pset format csv
\pset format html
\pset format latex
\pset format latex-longtable
\pset format troff-ms
\pset format unaligned
\pset format wrapped
\pset format ALIGNED
\pset format aligned extra
