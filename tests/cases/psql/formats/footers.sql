select 1 as a;
select 1 as a union all select 2;
select 1 as a where false;
\pset footer off
select 1 as a;
select 1 as a where false;
\x
select 1 as a;
select 1 as a where false;
\pset footer on
select 1 as a where false;
\x off
\pset border 2
select 1 as a where false;
\pset linestyle unicode
select 1 as a where false;
\pset format asciidoc
select 1 as a where false;
\pset format latex
select 1 as a where false;
\pset format troff-ms
select 1 as a where false;
\pset format html
select 1 as a where false;
\pset format unaligned
select 1 as a where false;
\pset format wrapped
select 1 as a where false;
