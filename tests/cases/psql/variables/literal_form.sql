\set plain abc
\set quote 'it''s'
\set back 'a\\b'
\set both 'x''\\y'
\set empty ''
\set wide '漢字'
\set nl 'a\nb'
select :'plain' as a, :'quote' as b, :'back' as c, :'both' as d, :'empty' as e, :'wide' as f, :'nl' as g;
select :'nosuch';
select :'plain'::text || :'quote' as cat;
\echo :'plain' :'quote' :'back' :'both' [:'empty'] :'wide' :'nl'
\echo x:'back'y x:'quote'y
select length(:'back') as two, length(:'both') as four;
set standard_conforming_strings = off;
select :'back' as c, :'both' as d;
\echo :'back' :'both'
select :'plain';
