select 1,
       2,
       nosuch,
       4;

select
  1
  from
  nosuch
  where true;
-- a comment before

select 1
/* block
over lines */
+ nosuch;
select 'a
b
c', nosuch;
select nosuch
;
