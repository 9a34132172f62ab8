create sequence s;
select 1/(3 - nextval('s')) as x \watch 0.01
select 1/(6 - nextval('s')) as x \watch 0.01
\C 'My title'
select 1/(9 - nextval('s')) as x \watch 0.001
