-- options: --together
create table t (id int, word text);
\copy
\copy   
\copy t
\copy t frm 'x'
\copy t from
\copy t to
\copy t from program
\copy t from program ls
\copy t from program 'unfinished
\copy t from 'unfinished
\copy (select 1
\copy (select 1) from 'inc_rows.csv'
\copy t (id
\copy t (id) word from x
\copy . from x
\copy public. from 'inc_rows.csv'
\copy t from 'nosuch.csv'
\copy t from nosuch/file
\copy t from '.'
\copy t to '.'
\copy t to '/nosuch/file'
\copy nosuch from 'inc_rows.csv'
\copy t (nosuch) to stdout
\copy t from 'inc_rows.csv'
\copy t from 'inc_rows.csv' csv freeze
\copy t from 'inc_rows.csv' nonsense
\echo :ERROR :SQLSTATE
\copy t from program 'echo 1; exit 3' csv
\copy t from program 'kill -9 $$' csv
\copy t from program 'exit 126' csv
\copy t from program 'nosuch_command_here 2>/dev/null' csv
\copy t to program 'cat; exit 4'
\copy t to program 'exit 127'
\copy (select 1/0) to 'half.txt'
select * from t;
\if false
\copy t to stdout
\endif
\copy (select 1) to stdout
