select (1
\if false
); select 2;
\else
;
\endif
+ 1) as three;
select (
\if true
1)
\endif
as one; select 3;
