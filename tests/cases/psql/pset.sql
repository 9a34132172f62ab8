\pset
\pset border
\pset border 2
\pset columns
\pset columns 40
\pset expanded auto
\pset expanded
\pset x on
\pset vertical off
\pset expanded maybe
\pset csv_fieldsep
\pset csv_fieldsep ab
\pset csv_fieldsep '"'
\pset fieldsep '|'
\pset fieldsep_zero
\pset fieldsep
\pset fieldsep ','
\pset footer
\pset footer on
\pset footer perhaps
\pset format csv
\pset format
\pset format al
\pset linestyle unicode
\pset linestyle nosuch
\pset null 'it''s'
\pset null
\pset numericlocale
\pset numericlocale off
\pset pager
\pset pager always
\pset pager off
\pset pager maybe
\pset pager_min_lines 1
\pset pager_min_lines 10
\pset pager_min_lines x
\pset recordsep
\pset recordsep ';'
\pset recordsep_zero
\pset recordsep '\n'
\pset tableattr
\pset tableattr 'border=1'
\pset title 'My title'
\pset title
\pset tuples_only on
\pset t off
\pset unicode_border_linestyle double
\pset unicode_column_linestyle single
\pset unicode_header_linestyle triple
\pset nosuch
\pset nosuch 1
\pset
