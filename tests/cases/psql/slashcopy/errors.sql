create table t (a int);
\copy
\copy t
\copy t to
\copy t from
\copy t nonsense stdout
\copy (select 1
\copy (select 1) from stdin
\copy (select 1/0) to stdout
\copy (selec 1) to stdout
\copy t to program
\copy t to program cat
\copy t to 'unterminated
\copy t (nosuch) to stdout
\copy t to stdout (nosuch)
\copy t from stdin (format nosuch)
\echo end
