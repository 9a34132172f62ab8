\format
select a,b from (select 1 as a,2 as b) x where a=1 and b in (1,2,3,4,5,6,7,8,9,10,11,12,13,14)
\format
;
\format
\r
