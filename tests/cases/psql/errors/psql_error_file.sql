-- options: -v ON_ERROR_STOP=1 -a
select 1 as a;
-- comment

select 1/0;
select 3;
