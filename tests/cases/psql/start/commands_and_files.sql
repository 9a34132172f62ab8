-- options: -c '\echo first' -c 'select 1 as a' -f inc_a.txt -c '\echo :from_a' -c '\pset format csv'
select 2 as b;
\pset format
