\p
select 1 as a,
\p
2 as b
\p
;
\p
\r
\p
select 3
\r
\p
select 4 as d;
\p
\r extra
\p extra
select /* kept */ 5 -- and this
\p
;
