\pset border 2
\pset linestyle unicode
\pset null '-'
\C 'First'
values (1, 'one'), (2, null) order by 1;
\C
\x auto
values (1, 'one'), (2, null) order by 1;
\pset format wrapped
\pset columns 40
select 1 as id, repeat('long text ', 12) as words;
\pset format latex
\C Second
values (1, 'one & only'), (2, null) order by 1;
\pset format troff-ms
values (1, 'one'), (2, null) order by 1;
\pset format asciidoc
values (1, 'one|two'), (2, null) order by 1;
