select 'a'::char(5) as c, 'ab'::varchar(3) as v, 'abc'::text as t, 'x'::"char" as q, 'n'::name as n, ''::char(2) as empty;
select 'a'::char(5) || '|' as trimmed, length('ab '::char(5)) as l, 'abcdef'::varchar(3) as cut;
select E'a\tb' as tab, E'a\nb' as nl, E'a\rb' as cr, E'\x01' as soh;
\pset format unaligned
select E'a\tb' as tab, E'a\nb' as nl, E'a\rb' as cr, E'\x01' as soh;
