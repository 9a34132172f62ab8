create table t (a int, b text);
insert into t values (1, 'x'), (2, E'tab\t'), (null, null);
\copy t to stdout
\copy t (b) to stdout
\copy (select a, b from t where a is not null) to stdout
\copy (select a from t order by a desc nulls last) to stdout with (format csv, header)
\copy t to stdout csv header
\copy t to stdout with delimiter '|' null 'NULL'
\copy t to pstdout
\copy public.t to stdout
\copy "t" ("a", b) to stdout
\echo :ROW_COUNT
