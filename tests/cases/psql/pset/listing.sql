\pset
\pset border 2
\pset columns 50
\pset csv_fieldsep ;
\pset expanded auto
\pset fieldsep '\t'
\pset fieldsep_zero
\pset footer off
\pset format wrapped
\pset linestyle unicode
\pset null 'it''s \n'
\pset numericlocale on
\pset pager always
\pset pager_min_lines 7
\pset recordsep '<\n>'
\pset recordsep_zero
\pset tableattr 'a="b"'
\pset title 'T'
\pset tuples_only on
\pset unicode_border_linestyle double
\pset
