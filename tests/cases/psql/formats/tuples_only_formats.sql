\t
\pset format aligned
values (1, 'a'), (2, null);
\pset border 2
values (1, 'a'), (2, null);
\pset border 0
values (1, 'a'), (2, null);
\pset border 1
\pset format unaligned
values (1, 'a'), (2, null);
\x
values (1, 'a'), (2, null);
\x
\pset format html
values (1, 'a'), (2, null);
\pset format latex
values (1, 'a'), (2, null);
\pset format latex-longtable
values (1, 'a'), (2, null);
\pset format troff-ms
values (1, 'a'), (2, null);
\pset format asciidoc
values (1, 'a'), (2, null);
\pset format wrapped
values (1, 'a'), (2, null);
\C 'title shown?'
values (1, 'a');
create table t (a int);
insert into t values (1) returning a;
