\watch
\watch 1
select 1/0 as a \watch 1
;
\p
select nosuch \watch 0.5
