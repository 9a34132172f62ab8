select 1 as a, null as b \g (null=NIL)
select 1 as a, null as b;
select 1 as a, null as b \g (format=csv)
select 1 as a, null as b \g (format=csv csv_fieldsep=';')
select 1 as a, null as b \g (format=unaligned fieldsep='\t' tuples_only)
select 1 as a, null as b \g (title='The title' footer=off)
select 1 as a, null as b \g ( border=2 linestyle=unicode )
select 1 as a, null as b \g (expanded=on)
select 1 as a, null as b \g (x)
select 1 as a \g (nosuch=1)
select 1 as a \g (format=nosuch)
select 1 as a \g (border=2
select 1 as a \g ()
select 1 as a \g ( )
select 1 as a \g (tuples_only=on) out.txt
select 1 as a \g (tuples_only=on) |cat -n
select 1 as a \g (null='a b' border=0) 
select null as a;
select 1 as a \g (border = 2)
select 1 as a \g (border=2)x
select 2 as b;
\pset
