-- options: --stdin --together -a
create function warn(msg text) returns bool as $$
begin raise notice 'warn %', msg; return true; end $$ language plpgsql;
select 1 as one \; select warn('2') \; select 2 as two;
\o notices.out
select 1 as one \; select warn('3') \; select 2 as two;
\o
\! cat notices.out
\pset format unaligned
select 1 \; select 2 \; select warn('4') \; select 5 \; do $$begin raise warning 'six'; end$$ \; select warn('7') from generate_series(1, 3);
select 1 \; select 1/0, warn('8');
copy (select warn('9')) to stdout \; copy (select 2) to stdout \; select warn('10') \; select 3;
\set SHOW_ALL_RESULTS off
select 1 \; select warn('11') \; select 2;
