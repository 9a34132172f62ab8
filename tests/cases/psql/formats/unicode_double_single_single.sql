\pset linestyle unicode
\pset unicode_border_linestyle double
\pset unicode_column_linestyle single
\pset unicode_header_linestyle single
\pset border 2
select 1 as a, E'x\ny' as b, null as c;
\x
select 1 as a, E'x\ny' as b, null as c;
\x
\pset border 1
select 1 as a, E'x\ny' as b, null as c;
\x
select 1 as a, E'x\ny' as b, null as c;
\x
\pset border 0
select 1 as a, E'x\ny' as b, null as c;
\x
select 1 as a, E'x\ny' as b, null as c;
