select 1 as a,
\if false
syntax error here; more;
'quote that must be closed',
$$ dollar $$,
\else
2 as b,
\endif
3 as c;
\if false
select 'a;b', "c;d", $x$;$x$; -- comment ;
/* comment \endif */
select (1;
);
\endif
select 4 as d;
\if false
insert into nosuch values (:nosuch, :'nosuch');
\endif
select 5 as e;
