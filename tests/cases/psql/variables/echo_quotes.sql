\echo one   two	three
\echo 'one   two'  "three   four"
\echo "it's" 'say "hi"' 'it''s' "say ""hi"""
\echo 'a'b'c' a'b'"c"
\echo ''
\echo '' ''
\echo "" x
\echo 'tab\there' 'nl\nhere' 'cr\rhere' 'bs\bx' 'ff\fx' 'octal \101\60 \7' 'hex \x41\x4a\xzz \x4' '\q\w\\'
\echo \'not quoted
\echo a\b
\echo a \\ \echo b
\echo -n no newline
\echo
\echo -n
\echo -n -n x
\echo '-n' x
\echo x -n
\echo --
\echo -- comment?
\echo /* comment? */
\echo ;
\echo a ; b
\echo a;
\echo (parens) [brackets] {braces} $$dollar$$
\echo 漢字 é 😀
