\pset format latex-longtable
\pset tableattr '0.3 0.4'
select 'a' as a, 'b' as b, 'c' as c, 1 as d;
\pset tableattr '0.3'
select 'a' as a, 'b' as b, 1 as d;
\pset tableattr 'x'
\pset border 2
select 'a' as a, 'b' as b;
\pset border 3
\C 'Caption'
select 'a' as a, 'b' as b;
\x
select 'a' as a, 'b' as b;
\pset tableattr
\x
select 'a' as a, 'b' as b;
\pset footer off
select 'a' as a, 'b' as b;
