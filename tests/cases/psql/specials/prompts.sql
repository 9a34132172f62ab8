\echo :PROMPT1
\set PROMPT1 'x> '
\echo [:PROMPT1]
\set PROMPT1
\echo [:PROMPT1]
\unset PROMPT1
\echo [:PROMPT1]
\echo [:PROMPT2] [:PROMPT3]
\set PROMPT3 ''
\echo [:PROMPT3]
