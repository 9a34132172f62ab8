"""\\history without a terminal: rows in any format, import, deletion, refusals."""

import contextlib
import json
import os
import sqlite3
import subprocess

import pytest

REDSH = os.environ.get("REDSH") or "redsh"


@pytest.fixture
def home(tmp_path):
    psql = tmp_path / ".psql_history"
    psql.write_text("select 1;\nselect 2\x01from sales;\n\\dt\n"
                    "create user a password 'Hush1234';\n")
    return tmp_path


def redsh(home, *commands, **more):
    env = {name: os.environ[name] for name in
           ("PATH", "REDSH_SHARE", "ASAN_OPTIONS", "UBSAN_OPTIONS")
           if name in os.environ}
    env.update(HOME=str(home), LC_ALL="C.UTF-8", TZ="UTC", **more)
    arguments = [word for command in commands for word in ("-c", command)]
    return subprocess.run([REDSH, "-X", "-q", "--offline", *arguments],
                          env=env, capture_output=True, text=True,
                          timeout=120, check=False)


def texts(home, **more):
    done = redsh(home, "\\pset format json", "\\history --all", **more)
    assert done.returncode == 0, done.stderr
    return [row["Statement"] for row in json.loads(done.stdout)]


IMPORTED = ["select 1;", "select 2\nfrom sales;", "\\dt",
            "create user a password '***';"]


def test_psqls_history_is_imported_masked_and_in_order(home):
    done = redsh(home, "\\history --import ~/.psql_history")
    assert done.returncode == 0, done.stderr
    assert texts(home) == IMPORTED
    path = home / ".local/state/redsh/history.db"
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Hush1234" not in path.read_bytes()


def test_what_is_imported_later_goes_in_front(home):
    redsh(home, "\\history --import ~/.psql_history")
    (home / "other").write_text("older\n")
    redsh(home, "\\history --import ~/other")
    assert texts(home) == ["older", *IMPORTED]


def test_commands_of_c_are_not_recorded(home):
    redsh(home, "\\history --import ~/.psql_history")
    redsh(home, "\\echo not kept")
    assert texts(home) == IMPORTED


def test_rows_have_every_format(home):
    redsh(home, "\\history --import ~/.psql_history")
    path = home / ".local/state/redsh/history.db"
    with sqlite3.connect(path) as base:
        base.execute("update entry set started_ms = 1700000000123,"
                     " duration_us = 1234567, row_count = 5, status = 2,"
                     " sqlstate = '42601', profile = 'ann@h', dbname = 'dev'"
                     " where id = 1")
    done = redsh(home, "\\pset format csv", "\\history --all --count 9 select 1")
    assert done.stdout == (
        "ID,Started,Seconds,Rows,Status,Profile,Database,Statement\n"
        "1,2023-11-14 22:13:20,1.234,5,error 42601,ann@h,dev,select 1;\n")
    done = redsh(home, "\\pset format unaligned", "\\t on",
                 "\\history --failed")
    assert done.stdout.count("\n") == 1


def test_words_and_count_choose(home):
    redsh(home, "\\history --import ~/.psql_history")
    done = redsh(home, "\\pset format csv", "\\t on", "\\history FROM select")
    assert "sales" in done.stdout and "\\dt" not in done.stdout
    done = redsh(home, "\\pset format csv", "\\t on", "\\history --count 1")
    assert "create user" in done.stdout and "select" not in done.stdout


def test_deleting(home):
    redsh(home, "\\history --import ~/.psql_history")
    done = redsh(home, "\\history --delete 3")
    assert done.returncode == 0, done.stderr
    assert texts(home) == [IMPORTED[0], IMPORTED[1], IMPORTED[3]]
    done = redsh(home, "\\history --delete 3")
    assert done.returncode == 1 and "no entry 3" in done.stderr
    done = redsh(home, "\\history --clear sales")
    assert done.returncode == 1 and "--yes" in done.stderr
    assert redsh(home, "\\history --clear --yes sales").returncode == 0
    assert texts(home) == [IMPORTED[0], IMPORTED[3]]
    assert redsh(home, "\\history --clear --yes").returncode == 0
    assert texts(home) == []


@pytest.mark.parametrize("command, complaint", [
    ("\\history --clear --delete 1", "exclude each other"),
    ("\\history --import /nonexistent/file", "/nonexistent/file"),
    ("\\history --no-such", "--no-such"),
    ("\\history --count many", "many"),
])
def test_refusals_say_what_was_wrong(home, command, complaint):
    done = redsh(home, command)
    assert done.returncode == 1
    assert complaint in done.stderr


def test_a_named_file_is_psqls_text(home):
    path = str(home / ".psql_history")
    assert texts(home, PSQL_HISTORY=path) == IMPORTED
    done = redsh(home, "\\history --delete 1", PSQL_HISTORY=path)
    assert done.returncode == 0, done.stderr
    assert (home / ".psql_history").read_text() == (
        "select 2\x01from sales;\n\\dt\ncreate user a password '***';\n")
    assert not (home / ".local").exists()


def test_a_name_that_ends_in_db_is_sqlite(home):
    path = str(home / "mine.db")
    redsh(home, "\\history --import ~/.psql_history", REDSH_HISTORY=path)
    assert texts(home, REDSH_HISTORY=path) == IMPORTED
    # As is what holds it already, whatever its name.
    os.rename(path, str(home / "mine"))
    assert texts(home, REDSH_HISTORY=str(home / "mine")) == IMPORTED


def test_a_newer_programs_file_is_left_alone(home):
    redsh(home, "\\history --import ~/.psql_history")
    path = home / ".local/state/redsh/history.db"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("pragma user_version = 99")
    before = path.read_bytes()
    done = redsh(home, "\\history")
    assert done.returncode == 0
    assert "newer version" in done.stderr
    assert path.read_bytes() == before
