\pset expanded
\pset expanded
\pset x
\pset x
\pset vertical
\pset vertical
\pset tuples_only
\pset tuples_only
\pset t
\pset t
\pset footer
\pset footer
\pset numericlocale
\pset numericlocale
\pset pager
\pset pager
\pset pager
\pset expanded auto
\pset expanded
\pset expanded auto
\pset expanded off
\x auto
\x
\x AUTO
\x on
\x
\t on
\t off
\t
\t 1
\t 0
