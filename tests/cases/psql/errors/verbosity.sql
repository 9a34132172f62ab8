\set VERBOSITY verbose
select nosuch;
select 1/0;
select * from nosuch;
\set VERBOSITY terse
select nosuch;
select 1/0;
create table t (a int primary key);
insert into t values (1), (1);
\set VERBOSITY sqlstate
select nosuch;
select 1/0;
insert into t values (1), (1);
do $$ begin raise notice 'n'; raise warning 'w'; raise exception 'e' using errcode = 'ABCDE'; end $$;
\set VERBOSITY default
insert into t values (1), (1);
\set VERBOSITY verbose
insert into t values (1), (1);
do $$ begin raise notice 'n' using detail = 'd', hint = 'h'; end $$;
