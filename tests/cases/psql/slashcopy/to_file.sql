create table t (a int, b text);
insert into t values (1, 'x'), (2, 'y');
\copy t to 'plain.txt'
\copy t to plain2.txt
\copy t to 'with space.csv' csv
\copy t to program 'cat -n'
\copy t to program 'cat >piped.txt'
\copy t to program 'cat >/dev/null; exit 3'
\copy t to '/no/such/dir/x'
\copy t to 'it''s.txt'
\! cat plain.txt
\set f quoted.txt
\copy t to :f
\copy t to :'f'
