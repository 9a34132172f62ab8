\set cmd '\\echo from a variable'
:cmd
\set sql 'select 1 as one; select 2 as two;'
:sql
\set half 'select ''abc'
:half';
\set open '('
select :open 1 );
\set c '/*'
select 1 :c still a comment */ as one;
\set dd '--'
select 2 :dd the rest
 as two;
\set semi ';'
select 3 as three :semi select 4 as four :semi
