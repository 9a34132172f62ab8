-- since: 15.19
\set k abc
\restrict abc
\unrestrict :k
\unrestrict 'abc'
\unrestrict "abc"
\unrestrict `echo abc`
\unrestrict abc extra
\unrestrict abc\p
\unrestrict abc \\ select 1;
\unrestrict ''
\unrestrict ;
\unrestrict
\unrestrict    abc ; ;	 
\echo on
\restrict 'a b'
\unrestrict 'a b'
\unrestrict a b
\echo on
\restrict "a;"
\unrestrict a;
\unrestrict "a;"
\unrestrict "a;" ;
\echo on
\restrict 'a;'
\unrestrict a;
\unrestrict 'a;'
\echo off
