-- env: PSQL_EDITOR= EDITOR='sed -i s/1/8/' VISUAL='sed -i s/1/9/'
select 1 as a;
\e
\p
