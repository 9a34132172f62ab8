-- before
select 1/0;
/* a */
select 1/0;

-- x

select
-- inner
1/0;
select 1/0 -- tail
;
