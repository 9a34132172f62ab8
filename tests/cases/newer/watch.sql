-- \watch with a plan, as in psql 16 to 18
select 1 as one \watch c=2 i=0.01
select 1 \watch 0.01 c=1 m=1
select 1 where false \watch i=0.01 m=1
select 1 \watch count=1 interval=0.25 min_rows=1
select 1 \watch c=0
select 1 \watch c=x
select 1 \watch i=
select 1 \watch -10
select 1 \watch 10ab
select 1 \watch 10e400
select 1 \watch 1 1
select 1 \watch c=1 c=1
select 1 \watch m=1 m=1
select 1 \watch m=x
select 1 \watch x=1
\p
\set WATCH_INTERVAL 0.01
select 1 \watch c=2
\set WATCH_INTERVAL x
\echo :WATCH_INTERVAL
\unset WATCH_INTERVAL
\echo :WATCH_INTERVAL
