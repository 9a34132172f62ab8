select true, false, null::bool, 't'::bool as t, 'off'::bool as off;
select b'101' as bit, b'1'::bit(4) as padded, '1010'::varbit as vb;
select '\xdeadbeef'::bytea as hex, 'abc'::bytea as abc, ''::bytea as empty;
set bytea_output = escape;
select '\xdeadbeef'::bytea as hex, 'a\\b'::bytea as bs;
