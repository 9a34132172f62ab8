-- options: --stdin -q
create role compare_hushed login;
\password compare_hushed
one two
one two
select rolpassword like 'SCRAM-SHA-256$%' as set from pg_authid where rolname = 'compare_hushed';
\password compare_hushed
one
two
\password nosuch_role
x
x
drop role compare_hushed;
