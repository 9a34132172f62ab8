"""The prompt: lines, statements, Ctrl-C, Ctrl-D, paste, history."""

import os

import pytest

from terminal import (CTRL_A, CTRL_C, CTRL_D, CTRL_R, PASTE_END, PASTE_START, UP,
                      environment)


@pytest.fixture
def term(sandbox):
    with sandbox.terminal("-X") as terminal:
        terminal.wait_for_line("dev=#")
        yield terminal


def test_a_statement_may_take_several_lines(term):
    term.line("select 1 as")
    term.wait_for_line("dev-#")
    term.line("  \"one\",")
    term.wait_for_line("dev-#")
    term.line("'a")
    term.wait_for_line("dev'#")
    term.line("b' as two;")
    term.wait_for("(1 row)")
    term.wait_for_line("dev=#")


def test_the_whole_statement_is_one_entry_of_the_history(term):
    term.line("select 41 +")
    term.wait_for_line("dev-#")
    term.line("1 as answer;")
    term.wait_for("42")
    term.wait_for_line("dev=#")
    term.send(UP)
    term.wait_for_line("dev-# 1 as answer;")
    assert "dev=# select 41 +" in term.lines()
    term.send("\r")
    term.wait_until(lambda: term.text().count("     42") == 2, "no second 42")


def test_ctrl_c_clears_the_line_and_the_statement(term):
    term.line("select")
    term.wait_for_line("dev-#")
    term.send("nonsense")
    term.wait_for_line("dev-# nonsense")
    term.send(CTRL_C)
    term.wait_for_line("dev=#")
    term.line("select 7 as seven;")
    term.wait_for("(1 row)")


def test_ctrl_c_ends_a_running_query(term):
    term.line("select count(*) from stv_slices a, stv_slices b, "
              "pg_class c, pg_class d, pg_class e, pg_class f;")
    term.wait_until(lambda: "pg_class f;" in term.text(), "not typed")
    # The prompt is gone while the query runs.
    term.wait_until(lambda: term.cursor_line() == "", "query has not started")
    term.send(CTRL_C)
    term.wait_for_pattern(r"cancel+ed|cancell?ing|canceling")
    term.wait_for_line("dev=#")
    term.line("select 'still here' as x;")
    term.wait_for("(1 row)")


def test_ctrl_c_says_what_has_not_run(term):
    term.send(PASTE_START + "select count(*) from stv_slices a, pg_class b, "
              "pg_class c, pg_class d, pg_class e;\rselect 'not' || ' me';"
              + PASTE_END)
    term.wait_for("' me';")
    term.send("\r")
    term.wait_until(lambda: term.cursor_line() == "", "has not started")
    term.send(CTRL_C)
    # "nothing" when the key came before the first of them was sent.
    term.wait_for_pattern(r"cancelled: (nothing has|the lines .* not) been run")
    term.wait_for_line("dev=#")
    assert "not me" not in term.text()


def test_ctrl_d_leaves(term):
    term.send(CTRL_D)
    assert term.wait_for_end() == 0
    assert "\\q" in term.text()


def test_what_is_pasted_does_not_run_before_enter(term):
    assert b"\x1b[?2004h" in term.raw
    term.send(PASTE_START + "select 11 as eleven;\rselect 12 as twelve;\r"
              + PASTE_END)
    term.wait_for("select 12 as twelve;")
    term.send(CTRL_A)
    term.wait_until(lambda: term.screen.cursor.x in (0, 6), "no Ctrl-A")
    assert "(1 row)" not in term.text()
    term.send("\r")
    term.wait_until(lambda: term.text().count("(1 row)") == 2,
                    "both statements ran")


def test_a_paste_of_a_hundred_lines_arrives_whole(term):
    values = ",\r".join(f"({i})" for i in range(100))
    term.send(PASTE_START + "select count(*) as n from (select 1 union all "
              "select 2) x /* " + values + " */;" + PASTE_END)
    term.wait_for("(99) */;")
    term.send("\r")
    term.wait_for("(1 row)")
    term.wait_for_line("dev=#")


def test_ctrl_z_and_fg_keep_the_line(sandbox, env):
    from terminal import REDSH, Terminal
    with Terminal(["/bin/bash", "--norc", "-i"],
                  dict(env, PS1="outer> ")) as term:
        term.wait_for_line("outer>")
        term.line(f"'{REDSH}' --sandbox='{sandbox.folder}' -X")
        term.wait_for_line("dev=#")
        term.send("select 8 as ei")
        term.wait_for_line("dev=# select 8 as ei")
        term.send("\x1a")
        term.wait_for("Stopped")
        term.wait_for_line("outer>")
        term.line("fg")
        term.wait_for_line("dev=# select 8 as ei")
        term.send("xx\x7f\x7fght;\r")
        term.wait_for("(1 row)")
        term.wait_for_line("dev=#")
        assert " eight" in term.text()
        term.line("\\q")
        term.wait_for_line("outer>")


def test_a_narrower_terminal_wraps_the_next_lines(term):
    term.screen.resize(24, 40)
    term.child.setwinsize(24, 40)
    term.line("select '" + "x" * 60 + "' as wide;")
    term.wait_for("(1 row)")
    term.wait_for_line("dev=#")


def test_inputrc_is_respected(sandbox, home):
    inputrc = os.path.join(home, "inputrc")
    with open(inputrc, "w", encoding="utf-8") as file:
        file.write('$if redsh\n"\\C-t": "select 5 + 5 as ten;"\n$endif\n')
    env = environment(home, INPUTRC=inputrc)
    with sandbox.terminal("-X", env=env) as term:
        term.wait_for_line("dev=#")
        term.send("\x14\r")
        term.wait_for("(1 row)")
        assert "10" in term.text()


def test_a_dumb_terminal_gets_no_escapes(sandbox, home):
    env = environment(home, TERM="dumb")
    with sandbox.terminal("-X", env=env) as term:
        term.wait_for("dev=#")
        term.line("select 1 as one;")
        term.wait_for("(1 row)")
        term.wait_for_line("dev=#")
        term.send(CTRL_D)
        term.wait_for_end()
        assert b"\x1b" not in term.raw


def test_text_beyond_ascii_is_typed_and_corrected(sandbox, home):
    # Also where the locale is not UTF-8.
    env = environment(home, LC_ALL="C")
    with sandbox.terminal("-X", env=env) as term:
        term.wait_for_line("dev=#")
        term.send("select 'gr\u00fc\u00e9\x7fn' as x;")
        term.wait_for_line("dev=# select 'gr\u00fcn' as x;")
        term.send("\r")
        term.wait_for("(1 row)")


DOWN = "\x1b[B"
CTRL_K, CTRL_N, CTRL_P, CTRL_U, CTRL_W = "\x0b", "\x0e", "\x10", "\x15", "\x17"
ALT_B, ALT_F = "\x1bb", "\x1bf"


def test_history_is_walked_and_searched(term):
    # All of it must fit on the screen.
    term.line(r"\set STYLE psql")
    term.wait_for_line("dev=#")
    for word in ("first", "second", "third"):
        term.line(f"select '{word} one' as x;")
        term.wait_for(f"{word} one\n")
        term.wait_for_line("dev=#")
    term.send(CTRL_P)
    term.wait_for_line("dev=# select 'third one' as x;")
    term.send(UP)
    term.wait_for_line("dev=# select 'second one' as x;")
    term.send(CTRL_P)
    term.wait_for_line("dev=# select 'first one' as x;")
    term.send(CTRL_N)
    term.wait_for_line("dev=# select 'second one' as x;")
    term.send(DOWN)
    term.wait_for_line("dev=# select 'third one' as x;")
    term.send(CTRL_U + CTRL_R + "first")
    term.wait_for("(reverse-i-search)`first': select 'first one' as x;")
    term.send("\r")
    term.wait_until(lambda: term.text().count("first one\n") == 2,
                    "the found statement did not run")


def test_words_are_jumped_over_and_cut(term):
    term.send("select one two three")
    term.wait_for_line("dev=# select one two three")
    term.send(CTRL_W)
    term.wait_for_line("dev=# select one two")
    term.send(ALT_B + ALT_B + "1, ")
    term.wait_for_line("dev=# select 1, one two")
    term.send(ALT_F + CTRL_K)
    term.wait_for_line("dev=# select 1, one")
    term.send(CTRL_U)
    term.wait_for_line("dev=#")


@pytest.mark.parametrize("name", ["REDSH_HISTORY", "PSQL_HISTORY"])
def test_the_environment_names_the_history_file(sandbox, home, name):
    path = os.path.join(home, name.lower())
    env = environment(home, **{name: path})
    with sandbox.terminal("-X", env=env) as term:
        term.wait_for_line("dev=#")
        term.line("select 'kept there' as x;")
        term.wait_for("(1 row)")
        term.line("\\q")
        term.wait_for_end()
    with open(path, encoding="utf-8") as file:
        assert "kept there" in file.read()


def test_variables_name_the_history_file_and_its_length(sandbox, home):
    path = os.path.join(home, "by_variable")
    options = ("-X", "-v", "HISTFILE=" + path, "-v", "HISTSIZE=2")
    with sandbox.terminal(*options) as term:
        term.wait_for_line("dev=#")
        for number in (71, 72, 73):
            term.line(f"select {number} as x;")
            term.wait_for(f" {number}\n")
            term.wait_for_line("dev=#")
        term.line(f"\\s {home}/listed")
        term.wait_for("Wrote history")
        term.line("\\q")
        term.wait_for_end()
    with open(path, encoding="utf-8") as file:
        assert "select 71 as x;" in file.read()
    with open(home + "/listed", encoding="utf-8") as file:
        text = file.read()
    assert "select 73 as x;" in text and "select 71 as x;" not in text
    with sandbox.terminal(*options) as term:
        term.wait_for_line("dev=#")
        for _ in range(5):
            term.send(UP)
        term.wait_for_line(f"dev=# \\s {home}/listed")
