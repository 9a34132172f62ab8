-- options: -P border=2 -P null=NIL -P format=unaligned -P fieldsep=; -P footer
select 1 as a, null as b;
\pset border
