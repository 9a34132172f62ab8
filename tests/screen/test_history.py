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
                            rows=60, columns=120)
    # So high that nothing scrolls away while a test counts.
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
        term.wait_for_line("dev-#  as x;")
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


# Up and Down

DOWN = "\x1b[B"
CTRL_R = "\x12"
ESC = "\x1b"
ENTER = "\r"


def filled(sandbox, home, **more):
    term = shell(sandbox, home, **more)
    run(term, "select 1 as sales_one;")
    run(term, "select 2 as orders;")
    run(term, "select broken from no_such;", "does not exist")
    run(term, "select 3\nas sales_two\n;".replace("\n", "\x1b\r"))
    return term


def style(term, text):
    """The looks of a text's first character, where it is last shown."""
    for y, line in reversed(list(enumerate(term.screen.display))):
        x = line.find(text)
        if x >= 0:
            return term.screen.buffer[y][x]
    raise AssertionError(f"no {text!r}\n{term.text()}")


def test_up_finds_what_contains_the_text_and_marks_it(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        term.send("SALES_ONE" + UP)
        term.wait_for_line("dev=# select 1 as sales_one;")
        marked = style(term, "sales_one;")
        assert (marked.fg, marked.bold) != (style(term, "as s").fg,
                                            style(term, "as s").bold)
        term.send(DOWN)
        term.wait_for_line("dev=# SALES_ONE")
        term.send("\x15" + UP)
        term.wait_for_line("dev-# ;")
        # The lines of a statement first.
        term.send(UP + UP)
        term.wait_for_line("dev=# select 3")
        term.send(UP)
        term.wait_for_line("dev=# select broken from no_such;")
        # Another text begins another search.
        term.send("\x15orders" + UP)
        term.wait_for_line("dev=# select 2 as orders;")


def test_grey_text_comes_from_the_history(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        run(term, "create temp table droppable (a int);", "CREATE TABLE")
        run(term, "drop table droppable;", "DROP TABLE")
        term.send("select 2")
        term.wait_for_line("dev=# select 2 as orders;")
        assert term.screen.cursor.x == len("dev=# select 2")
        term.send("\x15drop ta")
        term.wait_for_line("dev=# drop ta")
        # What failed is not offered.
        term.send("\x15select bro")
        term.wait_for_line("dev=# select bro")


# Ctrl-R

def chosen(term):
    """The text of the row that is chosen."""
    rows = [line for line in term.lines() if line.startswith(">")]
    assert len(rows) == 1, term.text()
    return rows[0]


def wait_chosen(term, text):
    term.wait_until(lambda: [line for line in term.lines()
                             if line.startswith(">") and text in line],
                    f"{text!r} is not chosen")


def test_ctrl_r_shows_a_list_and_enter_takes_from_it(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        term.send(CTRL_R)
        wait_chosen(term, "select 3 as sales_two ;")
        # When, how long, rows.
        assert "now" in chosen(term) and " ms" in chosen(term)
        assert " 1  select 3" in chosen(term)
        assert "42P01" in term.text()
        assert "this profile" in term.text()
        assert "  | as sales_two" in term.lines()
        term.send("slsone")
        wait_chosen(term, "select 1 as sales_one;")
        assert "orders" not in "\n".join(
            line for line in term.lines() if " ms " in line)
        term.send(ENTER)
        term.wait_for_line("dev=# select 1 as sales_one;")
        assert "this profile" not in term.text()
        # Nothing has run, and it can be edited.
        term.send("\x7f + 1;" + ENTER)
        term.wait_for("syntax error")


def test_several_lines_come_back_whole(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        term.send(CTRL_R + "two\t")
        term.wait_for_line("dev-# ;")
        assert "dev-# as sales_two" in term.lines()
        term.send(ENTER)
        term.wait_for_line("dev=#")
    assert entries(fresh)[-1] == "select 3\nas sales_two\n;"


def test_escape_leaves_the_line_as_it_was(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        term.send("select ord" + CTRL_R)
        wait_chosen(term, "select 2 as orders;")
        term.send(ESC)
        term.wait_for_line("dev=# select ord")
        term.send(CTRL_R)
        wait_chosen(term, "select 2 as orders;")
        term.send("\x07")
        term.wait_for_line("dev=# select ord")
        term.send(CTRL_R)
        wait_chosen(term, "select 2 as orders;")
        term.send("\x03")
        term.wait_for_line("dev=#")
        run(term, "select 'still here' as x;")


def test_failed_ones_are_dim_and_can_be_left_out(sandbox, fresh):
    with filled(sandbox, fresh, TERM="xterm-256color") as term:
        term.send(CTRL_R + "select")
        wait_chosen(term, "sales_two")
        term.wait_for("broken")
        assert style(term, "roken").fg != style(term, " as orders").fg
        term.send("\x14")
        term.wait_for("without failed")
        assert " 42P01" not in term.text().split("without failed")[1]
        term.send("\x14")
        term.wait_for(" 42P01")


def test_the_arrows_choose_and_the_scope_goes_round(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        term.send(CTRL_R)
        wait_chosen(term, "sales_two")
        term.send(DOWN + DOWN)
        wait_chosen(term, "orders")
        term.send("\x10")
        wait_chosen(term, "broken")
        term.send(CTRL_R)
        term.wait_for("this database")
        term.send(CTRL_R)
        term.wait_for("all profiles")
        wait_chosen(term, "sales_two")
        assert "awsuser@" in chosen(term)
        term.send(CTRL_R)
        term.wait_for("this profile")


def test_an_entry_is_deleted_from_the_list(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        term.send(CTRL_R + "orders")
        wait_chosen(term, "orders")
        term.send("\x04")
        term.wait_for("again deletes")
        # Another key is a no.
        term.send(DOWN)
        term.wait_for("Esc leave")
        term.send("\x04\x04")
        term.wait_until(lambda: not [line for line in term.lines()
                                     if line.startswith(">")], "not deleted")
        term.send(ESC)
        term.wait_for_line("dev=#")
    assert not [text for text in entries(fresh) if "orders" in text]


def test_a_small_screen_is_enough(sandbox, fresh):
    with filled(sandbox, fresh) as term:
        leave(term)
    with sandbox.terminal("-X", env=environment(fresh), rows=8,
                          columns=40) as term:
        term.wait_for_line("dev=#")
        term.send(CTRL_R)
        wait_chosen(term, "\\q")
        term.send(DOWN * 4)
        wait_chosen(term, "sales_one")
        term.send(ENTER)
        term.wait_for_line("dev=# select 1 as sales_one;")


def test_a_long_history_is_searched_while_keys_come(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        run(term, "select 'the first of all' as x;")
        leave(term)
    path = os.path.join(fresh, PLACE, "history.db")
    with sqlite3.connect(path) as base:
        profile = base.execute("select profile from entry").fetchone()[0]
        base.executemany(
            "insert into entry (started_ms, shell, profile, dbname, risky,"
            " status, sqlstate, duration_us, row_count, text)"
            " values (1, 1, ?, 'dev', 0, 1, '', 1, 1, ?)",
            [(profile, f"select {i} as n from sales_{i % 77}")
             for i in range(20000)])
    with shell(sandbox, fresh) as term:
        term.send(CTRL_R + "first of all" + ENTER)
        term.wait_for_line("dev=# select 'the first of all' as x;")


def test_without_style_readlines_own_search_is_there(sandbox, fresh):
    with shell(sandbox, fresh) as term:
        run(term, "select 1 as plain_one;")
        leave(term)
    with shell(sandbox, fresh, "--plain") as term:
        term.send(CTRL_R + "plain_o")
        term.wait_for_pattern(r"reverse-i-search.*select 1 as plain_one;")
        term.send(ENTER)
        term.wait_for("(1 row)")
