	select	1	as	a;
select 2as b;
	\echo	tabbed	words
select 3 as c;
\echo  a
select 1 as a;
select1 as b;
\echoxy
