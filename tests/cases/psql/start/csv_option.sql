-- options: --csv -t
select 1 as a, 'x,y' as b;
\t
select 1 as a, 'x,y' as b;
