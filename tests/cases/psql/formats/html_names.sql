\pset format html
select 1 as a, 2 as a, 3 as a;
select 1, 2, 'x', null, true;
select 1 as "A very long heading of a narrow column", 2 as b;
select 1 as "a
b", 2 as "c
d
e", 'x' as "	tab";
select 'wide' as "漢字", 1 as "é", 2 as " ";
select '1' as text_left, 1 as int_right, 1.5::float8 as float_right, 1::money as money_right, 'a'::"char" as c, 1::oid as oid, '1 day'::interval as i, date '2024-02-29' as d, array[1,2] as arr, '{}'::json as j, '(1,2)'::point as p;
\x
select 1 as a, 2 as a;
select 1 as "a
b", 2 as "c
d
e", E'x\ny' as "漢";
select 1 as "A very long heading of a narrow column", 2 as b;
