create function inner_f() returns void language plpgsql as $$ begin raise notice 'in'; perform 1/0; end $$;
create function outer_f() returns void language plpgsql as $$ begin perform inner_f(); end $$;
select outer_f();
do $$ begin perform outer_f(); exception when division_by_zero then raise notice 'caught: %', sqlerrm; end $$;
\set SHOW_CONTEXT always
do $$ begin perform outer_f(); exception when division_by_zero then raise notice 'caught: %', sqlerrm; end $$;
