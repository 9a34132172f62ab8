\pset csv_fieldsep ;
\pset csv_fieldsep '\t'
\pset csv_fieldsep ''
\pset csv_fieldsep ab
\pset csv_fieldsep '"'
\pset csv_fieldsep '\n'
\pset csv_fieldsep '\r'
\pset csv_fieldsep é
\pset csv_fieldsep '\\'
\pset csv_fieldsep
\pset csv_fieldsep ,
