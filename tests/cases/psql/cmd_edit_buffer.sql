-- env: PSQL_EDITOR='sed -i -e s/17/18888/' PSQL_EDITOR_LINENUMBER_ARG=-es/o/0/
-- \e: what stays in the buffer
select 17 as foooo \e 2
\p
\e 0
\e 1x
\e a.sql 0
\e a.sql x
\e a.sql 1
\r
\! echo 'select 17 as foo' > a.sql
\e a.sql 1
;
select 5 as "17";
\e
\p
select 1 \e
\g
select 17 \e
\g
\r
\! touch -d '1 hour ago' a.sql
\setenv PSQL_EDITOR true
select 3
\e
\p
;
\e
\p
\e a.sql
\p
\setenv PSQL_EDITOR false
select 3
\e
\p
\r
\e
\p
