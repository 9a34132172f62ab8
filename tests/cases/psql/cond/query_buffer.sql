select 1
\if true
+ 1
\endif
+ 1 as three;
select 'a
\if false
b' as text_with_if;
\if false
select 'kept out
\endif
' as x;
\endif
select 6 as f \if true
;
\endif
select 7
\if false
as no
\endif
as g;
