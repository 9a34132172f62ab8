select E'1\n2\n3\n4' as a, E'x\ny' as b, 'z' as c, E'\n\n' as d;
select E'1\n2\n3\n4' as a, 12 as b, E'\n' as c;
\pset border 2
select E'1\n2\n3\n4' as a, E'x\ny' as b, 'z' as c, E'\n\n' as d;
\pset border 0
select E'1\n2\n3\n4' as a, E'x\ny' as b, 'z' as c, E'\n\n' as d;
\pset border 1
\pset linestyle old-ascii
select E'1\n2\n3\n4' as a, E'x\ny' as b, 'z' as c, E'\n\n' as d;
select 'z' as c, E'1\n2\n3\n4' as a, E'x\ny' as b;
\x
select E'1\n2\n3\n4' as a, E'x\ny' as b, 'z' as c, E'\n\n' as d;
\pset linestyle unicode
select E'1\n2\n3\n4' as a, E'x\ny' as b, 'z' as c, E'\n\n' as d;
