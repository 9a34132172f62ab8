\errverbose
select nosuch;
\errverbose
select 1;
\errverbose
select 1/0;
\errverbose
\set VERBOSITY terse
\errverbose
\set VERBOSITY default
do $$ begin raise exception 'x' using detail = 'd', hint = 'h'; end $$;
\errverbose
\nosuch
\errverbose
\errverbose extra
