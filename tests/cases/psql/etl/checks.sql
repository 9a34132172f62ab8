-- options: -v ON_ERROR_STOP=1 -qAtX
create table facts (id int, v int);
insert into facts select g, g % 3 from generate_series(1, 9) g;
select count(*) filter (where v is null) as nulls, count(*) - count(distinct id) as doubles from facts \gset
\echo nulls=:nulls doubles=:doubles
select :nulls > 0 or :doubles > 0 as bad \gset
\if :bad
\warn bad data
do $$ begin raise exception 'bad data'; end $$;
\else
\echo data is good
\endif
select max(v) > 1 as too_big from facts \gset
\if :too_big
do $$ begin raise exception 'v is too big' using hint = 'look at facts'; end $$;
\endif
\echo never
