-- options: -a
select 'a

b' as x;
select $$

$$ as y;
select "a

b" from (select 1 as "a

b") s;
/*

*/ select 2;
