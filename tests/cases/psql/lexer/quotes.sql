select 'a''b' as a, '' as b, '''' as c, ';' as d, '--' as e, '/*' as f, '\' as g;
select 'two
lines; still' as x;
select 'a' 'b';
select 'a'
'b' as joined;
select 'a' -- comment
'b' as joined;
select "a""b", "c;d", "e--f" from (select 1 as "a""b", 2 as "c;d", 3 as "e--f") x;
select 'unclosed ;
' as closed_later;
select "" as empty;
select 'it''s' || E'it\'s' as both;
select 'tab	inside' as t, '"' as dq, '''"''' as mix;
