-- env: PSQL_WATCH_PAGER='sed s/^/PAGED/'
create sequence s;
select 1/(2 - nextval('s')) as x \watch 0.01
