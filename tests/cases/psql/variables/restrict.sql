-- options: --together
\restrict
\restrict ''
\unrestrict a
\unrestrict
\if false
\restrict no
\unrestrict no
\endif
\restrict key extra
\echo `echo never`
\nosuch
\unrestrict
\unrestrict wrong
\if true
\echo never
\endif
select 1 \g
select 2 \; select 3;
\! echo never
\restrict again
\set x y
\unrestrict key
\echo out :x
\set k 'a b'
\restrict word
\i nosuch
\unrestrict word
\echo out
\set ON_ERROR_STOP on
\restrict k
\echo no
select 4;
