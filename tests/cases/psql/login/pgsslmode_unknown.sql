-- env: PGSSLMODE=perhaps
select 1;
