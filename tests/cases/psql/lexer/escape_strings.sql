select E'a\'b' as a, E'\\' as b, E'\n' = chr(10) as c, E'\x41\101\u0041\U00000041' as d;
select e'lower\'s' as e, E'semi\';' as f;
select 'plain\' as g, 'plain\\' as h;
select E'a' 'b';
select E'a'
'\n' as continued;
select U&'\0041\+000042' as u, U&'!0043' uescape '!' as v, U&"\0064" from (select 1 as d) x;
select B'1010' as b, X'1F' as x, N'national' as n;
select E'unterminated \';
' as z;
