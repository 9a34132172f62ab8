\restrict key
\echo refused
\! echo refused
\i nosuch
\set x 1
\gset
select 1 as a \g out.txt
select 2 as b;
\unrestrict wrong
\unrestrict
\unrestrict key
\echo free :{?x}
\restrict
\restrict a b
\unrestrict a
\restrict one
\restrict two
\unrestrict two
\unrestrict one
\unrestrict one
\echo end
