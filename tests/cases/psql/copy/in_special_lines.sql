create table t (a text);
copy t from stdin;
\echo not a command
select 1;
'quote
:DBNAME
-- comment
/* comment
$$
\\.
 \.
\.
select * from t;
copy t from stdin (format csv);
"\."
"a
\.x"
\.
select * from t;
