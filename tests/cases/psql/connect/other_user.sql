create role compare_other login;
\c - compare_other
select current_user;
\echo :USER
\c - tester
drop role compare_other;
select current_user;
