SELECT 1 AS A;
SeLeCt 2 aS b;
\ECHO no
\Echo no
\X
\T
\T 'attr'
\T
Begin; Commit;
Values (1);
Table pg_class limit 0;
