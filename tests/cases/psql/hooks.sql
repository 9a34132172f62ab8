\echo :AUTOCOMMIT :ECHO :ECHO_HIDDEN :FETCH_COUNT :HISTCONTROL :HISTSIZE
\echo :ON_ERROR_ROLLBACK :ON_ERROR_STOP :QUIET :SHOW_CONTEXT :VERBOSITY
\echo :SINGLELINE :SINGLESTEP :PROMPT1 :PROMPT2 :PROMPT3 :SHOW_ALL_RESULTS
\echo :DBNAME :USER :ENCODING :SERVER_VERSION_NUM
\set AUTOCOMMIT maybe
\set AUTOCOMMIT
\echo :AUTOCOMMIT
\unset AUTOCOMMIT
\echo :AUTOCOMMIT
\set AUTOCOMMIT on
\set ECHO nosuch
\set ECHO_HIDDEN nosuch
\set ON_ERROR_ROLLBACK nosuch
\set VERBOSITY nosuch
\set SHOW_CONTEXT nosuch
\set FETCH_COUNT x
\set HISTSIZE x
\set HISTCONTROL nosuch
\set COMP_KEYWORD_CASE nosuch
\unset ECHO
\unset VERBOSITY
\echo :ECHO :VERBOSITY
select 1 as a;
\echo :ERROR :SQLSTATE :ROW_COUNT
select 1/0;
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
select generate_series(1, 3);
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
\set VERBOSITY verbose
select nosuch;
\set VERBOSITY terse
select nosuch;
\set VERBOSITY sqlstate
select nosuch;
\set VERBOSITY default
\errverbose
\set QUIET on
create table quiet (a int);
\set QUIET off
create table loud (a int);
\set SHOW_ALL_RESULTS off
select 1 as a \; select 2 as b;
\set SHOW_ALL_RESULTS on
select 1 as a \; select 2 as b;
