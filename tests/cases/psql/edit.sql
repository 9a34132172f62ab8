select 1 as edited
\e
;
select 1 as a;
\e
\p
