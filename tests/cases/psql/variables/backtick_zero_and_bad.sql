\set x `printf 'a\n\nb\n'`
\echo :x
select :'x' as x;
\echo `printf '%s|' a b c`
\echo `printf 'tab\there'`
\set multi `printf 'select 1 as a;\nselect 2 as b;'`
:multi
