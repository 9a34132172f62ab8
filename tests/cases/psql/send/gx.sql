select 1 as a, 'x' as b \gx
select 1 as a, 'x' as b;
\gx
\g
\x
select 1 as a \gx
select 1 as a;
\x
select 1 as a \gx (border=2)
select 1 as a \gx (expanded=off)
select 1 as a \gx (format=unaligned)
select 1 as a \gx out.txt
select 1 as a \gx |cat
create table t (a int) \gx
select 1/0 \gx
select * from t \gx
select 1 as a \; select 2 as b \gx
