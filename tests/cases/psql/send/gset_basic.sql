select 1 as a, 'two' as b, null as c, '' as d \gset
\echo :a :b :{?c} [:d]
\set c before
select null as c \gset
\echo :{?c} :c
select 1 as a, 2 as b \gset p_
\echo :p_a :p_b
select 1 as "UPPER", 2 as "mixedCase" \gset
\echo :UPPER :mixedCase
select 'a' as "with space" \gset
select 'a' as "with-dash" \gset
select 'a' as "1digit" \gset
\echo :1digit
select 1 as x, 2 as x \gset
\echo :x
select 3 as x \gset  
\echo :x
select 4 as x \gset 'quoted_'
\echo :quoted_x
select 5 as x \gset a b
\echo :ax
