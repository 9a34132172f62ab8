\set a 'select :b'
\set b '7 as seven'
:a;
\set x ':x + 1'
select :x;
\set p 'select :q'
\set q ':p'
:p;
select 1 as ok;
\set deep0 '1'
\set deep1 ':deep0 + :deep0'
\set deep2 ':deep1 + :deep1'
\set deep3 ':deep2 + :deep2'
select :deep3 as eight;
