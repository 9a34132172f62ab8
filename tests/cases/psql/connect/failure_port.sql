\c postgres - - 1
select 1 as a;
