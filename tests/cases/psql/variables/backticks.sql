\echo `echo hello`
\echo `echo one; echo two`
\echo [`printf 'no newline'`] [`printf 'two\n\n'`] [`printf ''`] [`true`]
\echo `echo "double quotes"` `echo 'single quotes'`
\set v 'it''s a "value"'
\echo `echo :v` 
\echo `echo :'v'`
\echo `echo :"v"`
\echo `echo ':v'`
\echo `echo :nosuch :'nosuch'`
\set out `printf 'a b'`
\echo [:out]
select :'out' as out;
\echo x`echo y`z 'x`echo y`z' "x`echo y`z"
\echo `exit 3` after
\echo `nosuchcommand_at_all 2>/dev/null` after
\echo `echo to stderr >&2` after
\echo `false`
\set n `expr 2 + 3`
select :n as five;
\echo `echo \\`
\echo `echo a\`
\echo `cat` end
