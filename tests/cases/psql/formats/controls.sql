select E'a\u0001b' as soh, E'a\u007fb' as del, E'a\u009bb' as c1, E'a\u200bb' as zwsp, E'a\u00adb' as shy, E'\ufeffa' as bom, E'a\u202eb' as rlo;
\x
select E'a\u0001b' as soh, E'a\u007fb' as del, E'a\u009bb' as c1, E'a\u200bb' as zwsp, E'a\u00adb' as shy, E'\ufeffa' as bom;
\x
select E'\t' as one, E'a\tb' as two, E'1234567\tb' as eight, E'12345678\tb' as nine, E'\t\t' as t;
select E'\b' as bs, E'\f' as ff, E'\r' as cr, E'x\ry' as xcr;
\pset format wrapped
\pset columns 30
select E'a\u0001bc\u0007def\tghi\rjkl' || repeat('m', 40) as soh;
\pset format html
select E'a\u0001b\tc\rd' as soh;
\pset format unaligned
select E'a\u0001b\tc\rd' as soh;
