select $$a$$ as a, $$;$$ as b, $$'$$ as c, $$
two lines
$$ as d;
select $x$a$$b$x$ as e, $x$ $y$ $z$ $x$ as f;
select $X$a$x$b$X$ as g;
select $_1$a$_1$ as h, $é$a$é$ as i;
select $1$;
select a$b from (select 1 as a$b) s;
select $$a$$$$b$$;
select $a$ :DBNAME $a$ as j;
select $$ \echo no $$ as k;
do $do$ begin raise notice 'in do; %', 1; end $do$;
do $$
begin
  raise notice 'line; %', $q$;$q$;
end
$$;
