-- options: -At -P null=NULL
select null as a, 1 as b;
select 'two
lines';
