-- options: -1 -L log.txt
create table t (id int, word text);
\copy t from 'inc_rows.csv' csv
\set AUTOCOMMIT off
commit;
\copy t from 'inc_rows.csv' csv
rollback;
\copy t to stdout
\set VERBOSITY terse
\copy t from 'inc_rows.txt' csv
