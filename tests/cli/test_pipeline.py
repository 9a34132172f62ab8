"""The extended protocol as psql 16 to 18 have it: \\bind, \\bind_named,
\\parse, \\close_prepared and pipelines. psql 15 refuses all of them, so what
is expected here follows the documentation of psql 18."""

import os
import subprocess

import pytest

from private_postgres import Server

REDSH = os.environ.get("REDSH", "redsh")
TWO = "bind message supplies 0 parameters, but prepared statement \"\" requires"


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def run(server, tmp_path):
    def script(text, *args):
        env = {**os.environ, "PGHOST": str(server.dir), "PGUSER": "tester",
               "PGDATABASE": "postgres", "HOME": str(tmp_path),
               "LC_ALL": "C.UTF-8"}
        done = subprocess.run([REDSH, "-X", "-At", *args], env=env, input=text,
                              capture_output=True, text=True, timeout=120,
                              check=False)
        return done.stdout.splitlines(), done.stderr.splitlines(), \
            done.returncode
    return script


def answers(run, text, *args):
    """Standard output of a script that must say nothing else."""
    out, err, code = run(text, *args)
    assert (err, code) == ([], 0)
    return out


# ---- statements one at a time ----

def test_bind_gives_values(run):
    assert answers(run, r"""
select $1::int + $2::int, $3 as text \bind 1 2 'it''s' \g
select $1::text is null \bind ''
;
select 7 \bind \g
""") == ["3|it's", "f", "7"]


def test_bind_needs_as_many_values_as_the_statement_has(run):
    out, err, code = run("select $1, $2 \\bind \\g\nselect 1;\n")
    assert out == ["1"] and code == 0
    assert err == [f"ERROR:  {TWO} 2"]


def test_bind_holds_for_one_statement(run):
    out, err, _ = run("select $1 \\bind 5 \\g\nselect $1;\n")
    assert out == ["5"]
    assert err[0] == "ERROR:  there is no parameter $1"


def test_a_prepared_statement_runs_by_its_name(run):
    assert answers(run, r"""
select $1::int * 2 \parse twice
select 'other' \parse ''
\bind_named twice 21 \g
\bind_named twice 4 \g
\bind_named '' \g
select name, parameter_types from pg_prepared_statements;
""") == ["42", "8", "other", "twice|{integer}"]


def test_results_of_prepared_statements_go_where_results_go(run, tmp_path):
    path = tmp_path / "out.txt"
    assert answers(run, rf"""
select $1 as a, $2 as b \parse two
\bind_named two 1 2 \g {path}
\bind_named two x y \gset got_
\echo :got_a :got_b
\bind_named two 1 2 \g (format=csv tuples_only=off)
""") == ["x y", "a,b", "1,2"]
    assert path.read_text() == "1|2\n"


def test_closing_forgets(run):
    out, err, code = run(r"""
select 1 \parse one
\close_prepared one
\bind_named one \g
""", "-q")
    assert (out, code) == ([], 0)
    assert err == ['ERROR:  prepared statement "one" does not exist']


def test_closing_one_that_has_an_odd_name(run):
    assert answers(run, r"""
select 1 \parse 'odd "; name'
\close_prepared 'odd "; name'
select count(*) from pg_prepared_statements;
""", "-q") == ["0"]


@pytest.mark.parametrize("command", ["bind_named", "parse", "close_prepared"])
def test_a_name_is_needed(run, command):
    out, err, _ = run(f"\\{command}\nselect 1;\n")
    assert err == [f"\\{command}: missing required argument"]
    assert out == ["1"]


def test_a_statement_that_cannot_be_prepared(run):
    out, err, code = run("selec $1 \\parse bad\nselect 1;\n")
    assert out == ["1"] and code == 0
    assert err[0] == 'ERROR:  syntax error at or near "selec"'


# ---- pipelines ----

def test_answers_come_at_the_end_in_order(run):
    assert answers(run, r"""
\startpipeline
select $1 \bind first \sendpipeline
select 'second';
select 'third'; select 'fourth';
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT :PIPELINE_SYNC_COUNT
\endpipeline
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT :PIPELINE_SYNC_COUNT
select 'behind';
""") == ["4 0 0", "first", "second", "third", "fourth", "0 0 0", "behind"]


def test_counts_follow_syncs_and_answers(run):
    assert answers(run, r"""
\startpipeline
select $1 \bind 1 \sendpipeline
\syncpipeline
\syncpipeline
select $1 \bind 2 \sendpipeline
\syncpipeline
select $1 \bind 3 \sendpipeline
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT :PIPELINE_SYNC_COUNT
\getresults 2
\echo :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT :PIPELINE_SYNC_COUNT
\endpipeline
""") == ["1 2 3", "1", "1 1 2", "2", "3"]


def test_getresults_reads_what_was_asked_for(run):
    out, err, code = run(r"""
\startpipeline
\getresults
select $1 \bind 1 \sendpipeline
select $1 \bind 2 \sendpipeline
\getresults
\flushrequest
select $1 \bind 3 \sendpipeline
\getresults 1
\echo between
\getresults
\echo end
\endpipeline
\getresults
""")
    assert out == ["1", "between", "2", "end", "3"]
    assert err == ["No pending results to get"] * 3 and code == 0


def test_getresults_refuses_less_than_none(run):
    out, err, _ = run("\\startpipeline\n\\getresults -1\n\\endpipeline\n")
    assert err == ["\\getresults: invalid number of requested results"]
    assert out == []


def test_prepared_statements_in_a_pipeline(run):
    assert answers(run, r"""
\startpipeline
select $1::int + 1 \parse next
\bind_named next 1 \sendpipeline
\bind_named next 41 \sendpipeline
\flush
\close_prepared next
\endpipeline
select count(*) from pg_prepared_statements;
""", "-q") == ["2", "42", "0"]


def test_a_sync_commits_an_error_undoes_to_the_last_one(run):
    out, err, code = run(r"""
create temp table t (a int);
\startpipeline
insert into t values (1);
\syncpipeline
insert into t values (2);
insert into t values (1 / 0);
insert into t values (3);
\syncpipeline
insert into t values (4);
\endpipeline
select a from t order by a;
""", "-q")
    assert out == ["1", "4"]
    assert err == ["ERROR:  division by zero"] and code == 0


def test_requests_behind_an_error_are_told_once(run):
    out, err, _ = run(r"""
\startpipeline
select $1 \bind \sendpipeline
select $1 \bind 1 \sendpipeline
select $1 \bind 2 \sendpipeline
\flushrequest
\getresults
select $1 \bind 3 \sendpipeline
select $1 \bind 4 \sendpipeline
\syncpipeline
\getresults
select $1 \bind 5 \sendpipeline
\endpipeline
""")
    assert out == ["5"]
    assert err == [f"ERROR:  {TWO} 1",
                   "Pipeline aborted, command did not run"]


def test_requests_behind_an_error_one_at_a_time(run):
    out, err, _ = run(r"""
\startpipeline
select $1 \bind \sendpipeline
select $1 \bind 1 \sendpipeline
select $1 \parse a
\syncpipeline
\getresults 1
\getresults 1
\getresults 1
\getresults 1
\endpipeline
""")
    assert out == []
    assert err == [f"ERROR:  {TWO} 1"] + \
        ["Pipeline aborted, command did not run"] * 2


@pytest.mark.parametrize("command", [
    "g", "gx", "g (format=csv)", "gset", "gexec", "gdesc", "watch 1",
    "crosstabview"])
def test_what_wants_its_answer_at_once_is_refused(run, command):
    out, err, _ = run(f"""
\\startpipeline
select $1 \\bind 1 \\{command}
\\r
select $1 \\bind 2 \\sendpipeline
\\endpipeline
""", "-q")
    assert out == ["2"]
    name = command.split()[0]
    assert err == [f"\\{name} not allowed in pipeline mode"]


def test_commands_that_ask_the_server_are_refused(run):
    out, err, _ = run("\\startpipeline\nselect 1;\n\\dt\n\\endpipeline\n")
    assert out == ["1"]
    assert err[0] == "this does not go into a pipeline"


def test_sendpipeline_where_it_makes_no_sense(run):
    out, err, _ = run(r"""
select $1 \bind 1 \sendpipeline
\r
\startpipeline
select 1 \sendpipeline
\r
\endpipeline
\endpipeline
\syncpipeline
""", "-q")
    assert out == []
    no_pipeline = ["cannot send pipeline when not in pipeline mode",
                   "HINT:  \\startpipeline opens one"]
    assert err == [
        "\\sendpipeline not allowed outside of pipeline mode",
        "\\sendpipeline must be used after \\bind or \\bind_named",
        *no_pipeline, *no_pipeline]


def test_starting_twice_changes_nothing(run):
    assert answers(run, r"""
\startpipeline
select 1;
\startpipeline
\echo :PIPELINE_COMMAND_COUNT
\endpipeline
""") == ["1", "1"]


def test_copy_is_refused_with_its_data(run):
    out, err, _ = run(r"""
create temp table t (a int);
\startpipeline
select 1;
copy t from stdin;
1
2
\.
select 2;
\endpipeline
""", "-q")
    assert out == ["1", "2"]
    assert err[0] == ("COPY between client and server cannot go into a "
                      "pipeline")


def test_copy_that_was_prepared_ends_the_connection(run):
    out, err, code = run(r"""
copy (select 1) to stdout \parse out
\startpipeline
\bind_named out \sendpipeline
\endpipeline
select 1;
""")
    assert out == [] and code == 2
    assert err[0] == ("COPY in a pipeline cannot be served: the connection is "
                      "closed")


def test_fetch_count_changes_nothing(run):
    assert answers(run, r"""
\set FETCH_COUNT 2
\startpipeline
select generate_series(1, 5);
\endpipeline
""") == ["1", "2", "3", "4", "5"]


def test_many_requests_do_not_block(run):
    """More is sent than any socket holds while the answers wait."""
    text = "x" * 2000
    out = answers(run, "\\startpipeline\n" +
                  f"select '{text}';\n" * 5000 + "\\endpipeline\n")
    assert len(out) == 5000 and set(out) == {text}


def test_a_pipeline_left_open_is_told(run):
    out, err, code = run("\\startpipeline\nselect 1;\n")
    assert out == [] and code == 0
    assert err == ["the pipeline was not ended: its last 1 request is not "
                   "committed"]


def test_autocommit_off_needs_a_block(run):
    out, err, _ = run(r"""
\set AUTOCOMMIT off
\startpipeline
begin;
\startpipeline
select 1;
\endpipeline
rollback;
""", "-q")
    assert out == ["1"]
    assert err[0] == ("AUTOCOMMIT is off: a pipeline cannot begin blocks by "
                      "itself")


def test_on_error_stop_ends_the_script(run):
    out, err, code = run(r"""
\set ON_ERROR_STOP on
\startpipeline
select 1 / 0;
\endpipeline
select 'never';
""")
    assert out == [] and code == 3
    assert err == ["ERROR:  division by zero"]
