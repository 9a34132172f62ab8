\set A upper
\set a lower
\set _x under
\set x1 digit
\set 1x first
\set é accent
\set 漢 wide
\set a.b dot
\set a-b minus
\set 'a b' blank
\set '' empty
\set a: colon
\echo :A :a :_x :x1 :1x :é :漢 :a.b :a-b
select :x1, :'é' as e;
\set AVeryLongNameForAVariableThatNobodyWouldEverTypeButWhichIsLegalAllTheSame 1
\echo :AVeryLongNameForAVariableThatNobodyWouldEverTypeButWhichIsLegalAllTheSame
