\pset pager on
\pset pager off
\pset pager always
\pset pager 0
\pset pager 1
\pset pager ALWAYS
\pset pager al
\pset pager maybe
\pset pager
\pset pager_min_lines 100
\pset pager_min_lines 1
\pset pager_min_lines 0
\pset pager_min_lines -1
\pset pager_min_lines x
