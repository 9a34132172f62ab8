create table t (a int, b text);
insert into t values (1, 'one'), (2, E'tab\tnl\n\\'), (null, null), (4, '漢');
copy t to stdout;
copy t (b) to stdout;
copy (select a, b from t order by a desc) to stdout;
copy t to stdout (format csv, header);
copy t to stdout (format csv, delimiter '|', null 'NULL', force_quote *);
copy t to stdout with csv header quote '''';
copy (select where false) to stdout;
copy (select from t) to stdout;
\echo :ROW_COUNT
