select 1.5 as a, .5 as b, 5. as c, 1e3 as d, 1.5e-3 as e, 1.e2 as f, 0001 as g;
select 1..2;
select 1a as b;
select 1_000 as u;
select 0x1F as h;
select 12345678901234567890 as big, 1e400 as huge;
