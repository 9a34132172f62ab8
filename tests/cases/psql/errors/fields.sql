do $$ begin raise exception 'message' using detail = 'the detail', hint = 'the hint', errcode = '22012'; end $$;
do $$ begin raise exception E'two\nlines' using detail = E'detail\nlines', hint = E'hint\nlines'; end $$;
do $$ begin raise exception '' ; end $$;
do $$ begin raise exception '漢字 %', 'é'; end $$;
do $$ begin raise notice E'tab\there'; end $$;
do $$ begin raise exception using errcode = 'P0001', message = 'by option'; end $$;
do $$ begin raise sqlstate '12345'; end $$;
do $$ begin raise division_by_zero; end $$;
do $$ begin assert false, 'asserted'; end $$;
