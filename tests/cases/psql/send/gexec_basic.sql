select 'select 1 as a', 'select 2 as b' \gexec
select 'select ' || g || ' as g' from generate_series(1, 3) g \gexec
select null, '', 'select 3 as c' \gexec
select 'create table t' || g || ' (a int)' from generate_series(1, 2) g \gexec
select 'insert into t1 values (' || g || ')' from generate_series(1, 3) g \gexec
select count(*) from t1;
select 'select 1/0', 'select 4 as after' \gexec
\echo :ERROR :SQLSTATE
select 'select 5' where false \gexec
select 'select 1; select 2' \gexec
select 1 as not_text \gexec
create table x (a int) \gexec
select 1/0 \gexec
select 'select $$;$$ as d' \gexec
select '\echo no' \gexec
select 'select :v' \gexec
