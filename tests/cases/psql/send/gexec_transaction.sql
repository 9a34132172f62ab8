begin;
create table t (a int);
select 'insert into t values (' || g || ')' from generate_series(1, 3) g \gexec
select * from t;
select 'select 1/0', 'select 1' \gexec
commit;
\set AUTOCOMMIT off
select 'create table u (a int)', 'insert into u values (1)' \gexec
rollback;
select * from u;
