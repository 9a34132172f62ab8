-- options: -H -T width=100%
select 1 as a, '<' as b;
