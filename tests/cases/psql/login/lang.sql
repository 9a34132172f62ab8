-- env: LC_ALL= LANG=en_US.UTF-8 LC_CTYPE=C.UTF-8
\pset numericlocale on
select 1234567.5 as n;
select 'ä', nosuch;
