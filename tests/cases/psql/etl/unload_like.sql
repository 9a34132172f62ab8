create table t (a int, b text);
insert into t values (1, 'x|y'), (2, null), (3, E'a\\b');
copy t to stdout (delimiter '|', null '');
copy (select a, replace(coalesce(b, '@NULL@'), '|', '\|') from t) to stdout (format csv, delimiter '|', force_quote (replace));
\copyfrom_is_not_psql
