copy (select 1) to stdout (format binary) \g bin.dat
\! od -c bin.dat
