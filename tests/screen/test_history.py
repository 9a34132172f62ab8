"""The history: what is kept, where, and how it is shown and found again."""

import os
import shutil
import sqlite3
import stat
import tempfile

import pytest

from terminal import UP, environment

PLACE = ".local/state/redsh"


@pytest.fixture
def fresh():
    """A home of its own: nothing is in the history yet."""
    folder = tempfile.mkdtemp(prefix="redsh-home-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def entries(home, columns="text"):
    """What the file holds, oldest first."""
    path = os.path.join(home, PLACE, "history.db")
    with sqlite3.connect(path) as base:
        found = base.execute(f"select {columns} from entry order by id")
        return [row[0] if len(row) == 1 else row for row in found]


def shell(sandbox, home, *options, **more):
    term = sandbox.terminal("-X", *options, env=environment(home, **more),
                            columns=120)
    term.wait_for_line("dev=#")
    return term


def run(term, statement, shown="(1 row)"):
    """Types it and waits until the prompt is back below what it shows."""
    before = term.text().count(shown)
    term.line(statement)
    term.wait_until(lambda: term.text().count(shown) > before
                    and term.cursor_line() == "dev=#", f"no {shown}")


def leave(term):
    term.line("\\q")
    term.wait_for_end()


def test_history_is_kept_for_the_next_time(sandbox, fresh):
    with shell(sandbox, fresh) as first:
        run(first, "select 'remember me' as note;")
        leave(first)
    path = os.path.join(fresh, PLACE, "history.db")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    with shell(sandbox, fresh) as second:
        second.send(UP + UP)
        second.wait_for_line("dev=# select 'remember me' as note;")


def test_how_a_statement_ended_is_kept_with_it(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        run(term, "select 1 as a union all select 2;", "(2 rows)")
        run(term, "select * from no_such_table;", "does not exist")
        run(term, "create temp table made (a int);", "CREATE TABLE")
        run(term, "insert into made values (1), (2), (3);", "INSERT 0 3")
        run(term, "\\echo said", "said")
        leave(term)
    kept = entries(fresh, "text, status, sqlstate, row_count, dbname")
    assert kept == [
        ("select 1 as a union all select 2;", 1, "", 2, "dev"),
        ("select * from no_such_table;", 2, "42P01", -1, "dev"),
        ("create temp table made (a int);", 1, "", -1, "dev"),
        ("insert into made values (1), (2), (3);", 1, "", 3, "dev"),
        ("\\echo said", 1, "", -1, "dev"),
        ("\\q", 1, "", -1, "dev"),
    ]
    for started, duration, profile in entries(
            fresh, "started_ms, duration_us, profile"):
        assert started > 1700000000000 and duration >= 0
        assert "@" in profile


def test_a_cancelled_statement_is_told_from_a_failed_one(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        term.line("select count(*) from stv_slices a, stv_slices b, "
                  "pg_class c, pg_class d, pg_class e, pg_class f;")
        term.wait_until(lambda: "f;" in term.text()
                        and term.cursor_line() == "", "it has not started")
        term.send("\x03")
        term.wait_for_line("dev=#")
        leave(term)
    assert entries(fresh, "status")[0] == 3


def test_secrets_are_not_kept(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        run(term, "create user hidden_one password 'Hush123456';",
            "CREATE USER")
        run(term, "\\set my_password Hush123456 \\\\ \\echo x", "x")
        leave(term)
    for folder, _, names in os.walk(os.path.join(fresh, PLACE)):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                assert b"Hush123456" not in file.read()
    assert "hidden_one" in entries(fresh)[0]


def test_a_leading_blank_keeps_a_line_out_of_history(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        run(term, " select 'unseen' as x;")
        run(term, "select 'seen' as x;")
        run(term, "\\echo :HISTCONTROL", "ignorespace")
        leave(term)
    assert entries(fresh)[0] == "select 'seen' as x;"
    with shell(sandbox, fresh, "-v", "HISTCONTROL=none") as term:
        run(term, " select 'as psql' as x;")
        leave(term)
    assert " select 'as psql' as x;" in entries(fresh)


def test_scripts_are_not_recorded(sandbox, fresh):
    script = os.path.join(fresh, "script.sql")
    with open(script, "w", encoding="utf-8") as file:
        file.write("select 'in a script' as x;\n")
    with shell(sandbox, fresh) as term:
        run(term, f"\\i {script}")
        leave(term)
    assert entries(fresh) == [f"\\i {script}", "\\q"]


def test_two_shells_keep_apart_and_share_the_file(sandbox, fresh):
    with shell(sandbox, fresh) as one, shell(sandbox, fresh) as two:
        run(one, "select 'of one' as x;")
        run(two, "select 'of two' as x;")
        one.send(UP)
        one.wait_for_line("dev=# select 'of one' as x;")
        one.send("\x03")
        one.wait_for_line("dev=#")
        run(one, "\\history two", "'of two'")
        leave(one)
        leave(two)
    assert {"select 'of one' as x;", "select 'of two' as x;"} <= set(
        entries(fresh))


def test_history_is_rows_in_any_format(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        run(term, "select 1 as one;")
        run(term, "select * from no_such_table;", "does not exist")
        run(term, "\\history", "(3 rows)")
        run(term, "\\history --failed", "error 42P01")
        run(term, "\\history SELECT one", "(2 rows)")
        run(term, "\\history --count 1 --all", "Profile")
        leave(term)
    script = ("\\pset format csv\n\\pset tuples_only on\n"
              "\\history --failed --all\n\\history --delete 2\n"
              "\\history --all no_such\n\\history --clear --all --yes\n"
              "\\history --all\n")
    with shell(sandbox, fresh, "-n") as term:
        for line in script.splitlines():
            term.line(line)
        term.wait_for("entries were deleted")
        leave(term)
    assert entries(fresh) == []


def test_clearing_asks_first(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        run(term, "select 1 as one;")
        term.line("\\history --clear")
        term.wait_for("[y/N]")
        term.line("n")
        term.wait_for_line("dev=#")
        run(term, "\\history one", "select 1 as one;")
        term.line("\\history --clear one")
        term.wait_for("[y/N]")
        term.line("y")
        term.wait_for("deleted.")
        leave(term)
    assert not [text for text in entries(fresh) if text.startswith("select")]


def test_a_damaged_file_is_set_aside_with_one_line(sandbox, fresh):
    path = os.path.join(fresh, PLACE, "history.db")
    os.makedirs(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as file:
        file.write("this is no database " * 100)
    with shell(sandbox, fresh) as term:
        run(term, "select 'goes on' as x;")
        term.wait_for("history.db.damaged-1")
        assert term.text().count("damaged") == 2
        leave(term)
    assert "select 'goes on' as x;" in entries(fresh)
    with open(path + ".damaged-1", encoding="utf-8") as file:
        assert "no database" in file.read()


def test_without_a_place_it_goes_on_in_memory(sandbox, fresh):
    os.makedirs(os.path.join(fresh, PLACE, "history.db"))
    with shell(sandbox, fresh) as term:
        run(term, "select 'goes on' as x;")
        term.wait_for("until redsh ends")
        term.send(UP)
        term.wait_for_line("dev=# select 'goes on' as x;")
        term.send("\r")
        term.wait_until(lambda: term.text().count("(1 row)") == 2, "no rows")
        assert term.text().count("until redsh ends") == 1
        leave(term)


def test_the_text_file_of_before_is_taken_over_once(sandbox, fresh):
    folder = os.path.join(fresh, PLACE)
    os.makedirs(folder)
    with open(os.path.join(folder, "history"), "w", encoding="utf-8") as file:
        file.write("select 'of old'\x01 as x;\n")
    with shell(sandbox, fresh) as term:
        term.send(UP)
        term.wait_for_line(" as x;")
        term.send("\r")
        term.wait_for("taken over")
        leave(term)
    with shell(sandbox, fresh) as term:
        run(term, "select 2 as two;")
        assert "taken over" not in term.text()
        leave(term)
    assert entries(fresh)[0] == "select 'of old'\n as x;"


def test_psqls_history_is_offered_and_imported(sandbox, fresh):
    with open(os.path.join(fresh, ".psql_history"), "w",
              encoding="utf-8") as file:
        file.write("select 'from psql';\n\\dt\n")
    with shell(sandbox, fresh) as term:
        term.wait_for("\\history --import ~/.psql_history")
        run(term, "\\history --import ~/.psql_history", "2 entries")
        leave(term)
    with shell(sandbox, fresh) as term:
        assert "--import" not in term.text()
        leave(term)
    assert entries(fresh)[:2] == ["select 'from psql';", "\\dt"]
