prepare p as select $1::int + $2::int as s;
execute p(1, 2);
prepare q(text) as select $1 || ';' as s;
execute q('a');
deallocate all;
select $1;
