"""The shell at a terminal: prompts, Ctrl-C, lost and missing connections."""

import subprocess

import pytest

from terminal import CTRL_C, CTRL_D, REDSH, Terminal


@pytest.fixture
def env(local_env):
    return local_env


def start(env, *args, **options):
    return Terminal([REDSH, *args], env, **options)


def test_a_statement_over_two_lines(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("select 'one'")
        screen.wait_for_line("postgres-#")
        screen.line("as word;")
        screen.wait_for("(1 row)")
        screen.wait_for_line("postgres=#")
        screen.send(CTRL_D)
        assert screen.wait_for_end() == 0


@pytest.mark.parametrize("typed, prompt", [
    ("select 'a", "postgres'#"), ('select "a', 'postgres"#'),
    ("select $$a", "postgres$#"), ("select /* a", "postgres*#"),
    ("select (1", "postgres(#"),
])
def test_the_prompt_says_what_is_open(env, typed, prompt):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line(typed)
        screen.wait_for_line(prompt)
        screen.send(CTRL_C)
        screen.wait_for_line("postgres=#")
        screen.line("select 40 + 2;")
        screen.wait_for("42")


def test_control_c_cancels_the_query(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\echo now \\\\ select pg_sleep(600);")
        screen.wait_for_pattern("^now$")
        screen.send(CTRL_C)
        screen.wait_for("canceling statement due to user request")
        screen.wait_for("Cancel request sent")
        screen.wait_for_line("postgres=#")


def test_the_prompt_shows_the_transaction(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("begin;")
        screen.wait_for_line("postgres=*#")
        screen.line("select 1/0;")
        screen.wait_for_line("postgres=!#")
        screen.line("rollback;")
        screen.wait_for_line("postgres=#")


def test_a_skipped_branch_shows_in_the_prompt(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\if false")
        screen.wait_for_line("postgres@#")
        screen.line("\\echo no")
        screen.wait_for("\\echo command ignored")
        screen.wait_for_line("postgres@#")
        screen.send(CTRL_C)
        screen.wait_for("\\if: escaped")
        screen.wait_for_line("postgres=#")


def test_the_prompt_shows_the_pipeline(env):
    with start(env, "-v", "PROMPT1=<%P> ") as screen:
        screen.wait_for_line("<off>")
        screen.line("\\startpipeline")
        screen.wait_for_line("<on>")
        screen.line("select 1 / 0;")
        screen.line("\\flushrequest")
        screen.line("\\getresults")
        screen.wait_for("division by zero")
        screen.wait_for_line("<abort>")
        screen.line("\\endpipeline")
        screen.wait_for_line("<off>")


def sleeps(env):
    """Does a session of the server sleep?"""
    done = subprocess.run(
        [REDSH, "-XAtc", "select count(*) from pg_stat_activity "
         "where state = 'active' and query like 'select pg_sleep%'"],
        env=env, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    return done.stdout == b"1\n"


def test_control_c_ends_the_wait_for_a_pipeline(env):
    with start(env, "-v", "PROMPT1=<%P> ") as screen:
        screen.wait_for_line("<off>")
        screen.line("\\startpipeline")
        screen.line("select pg_sleep(9999);")
        screen.line("\\endpipeline")
        screen.wait_until(lambda: sleeps(env), "the wait has not begun")
        screen.send(CTRL_C)
        screen.wait_for("canceling statement due to user request")
        screen.wait_for_line("<off>")


def test_a_lost_connection_is_made_again(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("select pg_terminate_backend(pg_backend_pid());")
        screen.wait_for("Attempting reset: Succeeded.")
        screen.line("select 41 + 1;")
        screen.wait_for("42")


def test_what_a_lost_session_takes_along_is_told(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        for line in ("set search_path = public, pg_catalog;",
                     "set session time zone 'UTC';", "set work_mem = '5MB';",
                     "reset work_mem;", "create temp table t (a int);"):
            screen.line(line)
        screen.wait_for("CREATE TABLE")
        screen.line("select pg_terminate_backend(pg_backend_pid());")
        screen.wait_for("Settings of the lost session are gone, set them "
                        "again: search_path, timezone.")
        screen.wait_for("Its temporary tables are gone as well.")
        screen.line("\\echo told")
        screen.wait_for("\ntold\n")
        screen.line("select pg_terminate_backend(pg_backend_pid());")
        screen.wait_until(lambda: screen.text().count("reset: Succeeded") == 2,
                          "no second connection")
        screen.wait_for_line("postgres=#")
        assert screen.text().count("Settings of the lost") == 1


def test_a_failed_connect_keeps_the_old_connection(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\c nosuch")
        screen.wait_for("Previous connection kept")
        screen.line("\\c template1")
        screen.wait_for("You are now connected to database")
        screen.wait_for_line("template1=#")


def test_a_failed_login_leaves_a_person_offline(env, tmp_path):
    env = {**env, "PGHOST": str(tmp_path)}
    with start(env) as screen:
        screen.wait_for("Is the server running")
        screen.wait_for_line("offline=>")
        screen.line("select 1;")
        screen.wait_for("You are currently not connected to a database.")
        screen.line("\\echo still here")
        screen.wait_for("still here")
        screen.line("\\q")
        assert screen.wait_for_end() == 0


def test_offline_by_choice_says_so(env):
    with start(env, "--offline") as screen:
        screen.wait_for("Not connected")
        screen.wait_for_line("offline=>")
        screen.line("\\conninfo")
        screen.wait_for("You are currently not connected to a database.")


def test_connecting_from_offline(env):
    with start(env, "--offline") as screen:
        screen.wait_for_line("offline=>")
        screen.line("\\c")
        screen.wait_for("You are now connected to database")
        screen.wait_for_line("postgres=#")


def test_help_quit_and_exit_are_words(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("help")
        screen.wait_for("You are using redsh")
        screen.line("quit")
        assert screen.wait_for_end() == 0


def test_a_question_is_asked_and_answered(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\prompt 'Your name: ' who")
        screen.wait_for_line("Your name:")
        screen.line("Ada")
        screen.wait_for_line("postgres=#")
        screen.line("\\echo hello :who")
        screen.wait_for("hello Ada")


def test_a_new_password_is_not_shown(env):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\password")
        screen.wait_for("Enter new password for user")
        screen.line("sekret one")
        screen.wait_for("Enter it again:")
        screen.line("sekret two")
        screen.wait_for("Passwords didn't match.")
        screen.wait_for_line("postgres=#")
        assert "sekret" not in screen.text()


def test_watch_runs_until_control_c(env):
    with start(env, "-q") as screen:
        screen.wait_for_line("postgres=#")
        screen.line("create temporary sequence s;")
        screen.wait_for_line("postgres=#")
        screen.line("select 'run ' || nextval('s') as again \\watch 0.05")
        screen.wait_for("run 3")
        screen.send(CTRL_C)
        screen.wait_for_line("postgres=#")


def test_watch_goes_through_its_own_pager(env):
    with start({**env, "PSQL_WATCH_PAGER": "sed -u -e 's/^/PAGED /'"},
               "-q") as screen:
        screen.wait_for_line("postgres=#")
        screen.line("create temporary sequence s;")
        screen.wait_for_line("postgres=#")
        screen.line("select 'run ' || nextval('s') as again \\watch 0.05")
        screen.wait_for("PAGED  run 3")
        screen.send(CTRL_C)
        screen.wait_for_line("postgres=#")


def test_history_is_private_and_kept(env, tmp_path):
    with start(env) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("select 'remembered';")
        screen.wait_for("(1 row)")
        screen.line("copy t from 'x' access_key_id 'AKIASHOWN';")
        screen.wait_for_pattern("ERROR")
        screen.line("\\q")
        screen.wait_for_end()
    path = tmp_path / ".local" / "state" / "redsh" / "history.db"
    text = path.read_bytes()
    assert b"select 'remembered';" in text
    assert b"AKIASHOWN" not in text
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_pager_takes_long_results(env):
    pager = "sed -e 's/^/PAGED /'"
    with start({**env, "PAGER": pager}) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("select generate_series(1, 60);")
        screen.wait_for("PAGED (60 rows)")
        screen.line("select 'short';")
        screen.wait_for("short")
        screen.wait_for_line("postgres=#")
        assert "PAGED  short" not in screen.text()


def test_no_readline_reads_plain_lines(env):
    with start(env, "-n") as screen:
        screen.wait_for_line("postgres=#")
        screen.line("select 40 + 2;")
        screen.wait_for("42")
        assert b"\x1b[?2004h" not in screen.raw


def words_break(screen, text):
    """text's words stand whole in the rows, in their order."""
    left = " ".join(row.strip() for row in screen.lines())
    return text in " ".join(left.split())


@pytest.mark.parametrize("columns", [60, 80])
def test_hints_break_between_words(env, columns):
    with start(env, columns=columns) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\platform plan nowhere-at-all")
        screen.wait_for("HINT:")
        screen.wait_until(lambda: words_break(
            screen, "HINT: \\platform init DIR makes one; name the folder of "
            "one that is there: \\platform plan DIR"), "a whole hint")


def test_help_breaks_between_words(env):
    with start(env, "-P", "pager=off", columns=60, rows=60) as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\? loading")
        screen.wait_for("Loading and unloading")
        screen.wait_until(lambda: words_break(
            screen, "[--replace | --swap | --truncate] [--by-name | "
            "--map MAP] [--each] [--dry-run] [--max-errors N]"),
            "whole words")
        assert "Amazon S3" not in screen.text()


def test_the_command_that_was_meant_is_told(env):
    with start(env, "-P", "pager=off") as screen:
        screen.wait_for_line("postgres=#")
        screen.line("\\kagle ls")
        screen.wait_for("Did you mean \\kaggle? Try \\? for help.")
        screen.line("\\copyfrom --creat t s3://b/k")
        screen.wait_for("did you mean --create? \\? copyfrom lists them")
        screen.line("\\infer")
        screen.wait_for("HINT:  \\infer [--table NAME]")
        screen.line("\\? nonsense")
        screen.wait_for("there is no help on nonsense")
