"""Typing a statement: colours, lines, moving, Enter, keys of inputrc and vi."""

import os

import pytest

from terminal import (CTRL_A, CTRL_C, CTRL_D, DOWN, ESC, LEFT, REDSH, UP,
                      Terminal, environment)

PROMPT = "postgres=#"
# xterm takes Alt-Enter for itself.
NEW_LINE = {"Alt-Enter": "\x1b\r", "Ctrl-X Enter": "\x18\r"}


def start(env, *args, **options):
    return Terminal([REDSH, "-X", *args], env, **options)


@pytest.fixture
def term(local_env):
    with start(local_env) as terminal:
        terminal.wait_for_line(PROMPT)
        yield terminal


def runs_a_statement(term, word):
    """Proof that the editor is at a fresh prompt and in order."""
    term.line(f"select '{word}' || '!' as proof;")
    term.wait_for(f"{word}!")
    term.wait_for_line(PROMPT)


def colour(term, text):
    """The colour and boldness of the first place that shows text, or None."""
    for y, line in enumerate(term.lines()):
        if text in line:
            cell = term.screen.buffer[y][line.index(text)]
            return cell.fg, cell.bold
    return None


# ---- colours ----

@pytest.mark.parametrize("typed, part, looks", [
    ("select a", "select", ("blue", True)),
    ("select 'abc'", "'abc'", ("green", False)),
    ("select 4711", "4711", ("magenta", False)),
    ("select \"Name\"", "\"Name\"", ("brown", False)),
    ("select :size", ":size", ("brown", True)),
    ("select sum(a)", "sum", ("cyan", False)),
    ("select -- says", "-- says", ("white", False)),
    ("\\d public", "\\d", ("cyan", True)),
    ("select plain_name", "plain_name", ("default", False)),
    ("select \"type\".type", "type", ("brown", False)),
    ("select x.select", ".select", ("default", False)),
    # A quote that is never closed.
    ("select 'abc", "'abc", ("red", False)),
])
def test_parts_have_their_colour(term, typed, part, looks):
    term.send(typed)
    term.wait_for_line(f"{PROMPT} {typed}")
    assert colour(term, part) == looks


def test_a_closing_quote_takes_the_warning_away(term):
    term.send("select 'abc")
    term.wait_until(lambda: colour(term, "'abc") == ("red", False), "not red")
    term.send("'")
    term.wait_until(lambda: colour(term, "'abc'") == ("green", False),
                    "not green")


def test_the_bracket_at_the_cursor_and_its_match(term):
    term.send("select f((1), 2)")
    term.wait_for_line(f"{PROMPT} select f((1), 2)")

    def underlined():
        row = term.screen.buffer[term.screen.cursor.y]
        return "".join(str(x - len(PROMPT) - 1) + " " for x in range(80)
                       if row[x].underscore).strip()
    term.wait_until(lambda: underlined() == "8 15", "the outer pair")
    term.send(LEFT * 4)
    term.wait_until(lambda: underlined() == "9 11", "the inner pair")


@pytest.mark.parametrize("more", [
    {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": "never-heard-of"},
    {"TERM": "vt52"},
])
def test_where_no_colour_is_wanted_there_is_none(local_env, more):
    with start({**local_env, **more}) as term:
        term.wait_for_line(PROMPT)
        term.send("select 'abc', 1")
        term.wait_for_line(f"{PROMPT} select 'abc', 1")
        assert b"\x1b[1;34m" not in term.raw
        assert b"\x1b[32m" not in term.raw


def test_psqls_style_and_plain_have_psqls_plain_look(local_env):
    with start(local_env, "--plain") as term:
        term.wait_for_line(PROMPT)
        term.send("select 'abc'")
        term.wait_for_line(f"{PROMPT} select 'abc'")
        assert colour(term, "select") == ("default", False)
        term.line("")
        term.wait_for_line("postgres-#")
        term.line(";")
        term.wait_for("(1 row)")


def test_style_can_be_changed_and_changed_back(term):
    term.line(r"\set STYLE psql")
    runs_a_statement(term, "psql")
    term.send("select 1")
    term.wait_for_line(f"{PROMPT} select 1")
    assert colour(term, "select 1") == ("default", False)
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    term.line(r"\set STYLE redsh")
    runs_a_statement(term, "redsh")
    term.send("select 2")
    term.wait_until(lambda: colour(term, "select 2") == ("blue", True),
                    "no colour")
    term.send(CTRL_C)
    runs_a_statement(term, "back")


def test_a_theme_is_chosen(term):
    term.line(r"\set THEME none")
    runs_a_statement(term, "none")
    term.send("select 1")
    term.wait_for_line(f"{PROMPT} select 1")
    assert colour(term, "select 1") == ("default", False)
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    term.line(r"\set THEME mauve")
    term.wait_for("Available values are: auto, dark, light, none.")
    term.wait_for_line(PROMPT)


@pytest.mark.parametrize("answer, looks", [
    ("\x1b]11;rgb:ffff/ffff/f8f8\x07", ("magenta", True)),
    ("\x1b]11;rgb:1111/2222/3333\x1b\\", ("brown", True)),
])
def test_the_terminals_answer_chooses_the_theme(term, answer, looks):
    assert b"\x1b]11;?" in term.raw
    # In the middle of a word being typed.
    term.send("select :v" + answer + "ar")
    term.wait_for_line(f"{PROMPT} select :var")
    term.wait_until(lambda: colour(term, ":var") == looks, "another colour")


def test_an_answer_that_never_ends_costs_no_key_after_it(term):
    term.send("abc\x1b]11;rgb:ff")
    term.wait_for_line(f"{PROMPT} abc")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    runs_a_statement(term, "whole")


@pytest.mark.parametrize("ground, looks", [
    ("0;15", ("magenta", True)), ("15;0", ("brown", True)),
])
def test_colorfgbg_is_believed_and_nothing_asked(local_env, ground, looks):
    with start({**local_env, "COLORFGBG": ground}) as term:
        term.wait_for_line(PROMPT)
        term.send("select :var")
        term.wait_for_line(f"{PROMPT} select :var")
        assert colour(term, ":var") == looks
        assert b"\x1b]11" not in term.raw


# ---- lines ----

def test_enter_goes_on_in_a_new_line_until_the_statement_is_whole(term):
    term.line("select ';' as")
    term.wait_for_line("postgres-#")
    term.line("(1")
    term.wait_for_line("postgres(#")
    term.send("\x7f")
    term.wait_for_line("postgres-# (1")
    term.send("\x7f" * 3 + "\"name\"")
    term.wait_for_line(f"{PROMPT} select ';' as\"name\"".replace(
        f"{PROMPT} ", f"{PROMPT} "))
    term.line(";")
    term.wait_for("(1 row)")
    term.wait_for_line(PROMPT)


def test_enter_runs_from_any_line(term):
    term.send("select 'first',\r'second';" + UP + CTRL_A + "\r")
    term.wait_for("(1 row)")
    term.wait_for_line(PROMPT)
    assert " first" in term.text()


@pytest.mark.parametrize("keys", NEW_LINE.values(), ids=NEW_LINE.keys())
def test_alt_enter_makes_a_line_of_a_whole_statement(term, keys):
    term.send("select 1 as a;" + keys)
    # A statement has ended: the prompt is that of a new one.
    term.wait_until(lambda: term.lines().count(PROMPT) == 1 and
                    term.cursor_line() == PROMPT, "no new line")
    term.send("select 2 as b;\r")
    term.wait_until(lambda: term.text().count("(1 row)") == 2, "both")


def test_a_meta_command_runs_at_once_inside_a_statement(term):
    term.line("select 40")
    term.wait_for_line("postgres-#")
    term.line(r"\p")
    term.wait_until(lambda: "\nselect 40\n" in term.text(), "no \\p")
    term.wait_for_line("postgres-#")
    term.line("+ 2 as answer")
    term.wait_for_line("postgres-#")
    term.line(r"\g")
    term.wait_for("42")
    term.wait_for_line(PROMPT)


def test_lines_are_moved_over_with_the_column_kept(term):
    term.send("select aaaaaaaaaa,\rb,\rcccccccccc")
    term.wait_for_line("postgres-# cccccccccc")
    at = term.screen.cursor.x
    term.send(UP)
    term.wait_until(lambda: term.cursor_line() == "postgres-# b," and
                    term.screen.cursor.x == at - 8, "not at the end of b,")
    term.send(UP)
    term.wait_until(lambda: term.screen.cursor.x == at and
                    "aaaa" in term.cursor_line(), "the column is lost")
    term.send("X" + DOWN + DOWN + "\x7f")
    term.wait_until(lambda: "postgres-# ccccccccc" in term.lines(), "no edit")
    assert f"{PROMPT} select aaaXaaaaaaa," in term.lines()


def test_up_at_the_first_line_is_the_statement_before(term):
    runs_a_statement(term, "one")
    term.line("select 'x'\r|| 'two' as proof;")
    term.wait_for("xtwo")
    term.wait_for_line(PROMPT)
    # Of those that contain what is typed.
    term.send("PROOF")
    term.send(UP)
    term.wait_for_line("postgres-# || 'two' as proof;")
    term.send(UP + UP)
    term.wait_for_line(f"{PROMPT} select 'one' || '!' as proof;")
    term.send(DOWN)
    term.wait_for_line("postgres-# || 'two' as proof;")
    term.send(DOWN)
    term.wait_for_line(f"{PROMPT} PROOF")


def test_home_end_and_cut_work_on_the_line(term):
    term.send("select one,\rtwo,\rthree" + UP)
    term.wait_for_line("postgres-# two,")
    term.send(CTRL_A + "1 as ")
    term.wait_for_line("postgres-# 1 as two,")
    term.send("\x0b")
    term.wait_for_line("postgres-# 1 as")
    term.send("\x19")
    term.wait_for_line("postgres-# 1 as two,")
    term.send("\x15")
    term.wait_for_line("postgres-#")
    assert "postgres-# three" in term.lines()
    term.send(CTRL_A + "\x0b")
    term.wait_for_line("postgres-# three")


def test_undo_takes_a_change_back(term):
    term.send("select one\rfrom two")
    term.wait_for_line("postgres-# from two")
    term.send("\x17" + "three")
    term.wait_for_line("postgres-# from three")
    term.send("\x1f\x1f")
    term.wait_for_line("postgres-# from two")


# ---- other keys ----

def test_ctrl_c_in_the_middle_leaves_all_lines(term):
    term.send("select one,\rtwo,\rthree" + UP + UP)
    term.wait_until(lambda: "select one," in term.cursor_line(), "not up")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    assert "postgres-# three^C" in term.lines()
    runs_a_statement(term, "after")


def test_ctrl_c_while_readline_waits_for_more(term):
    for begun in ("\x16", "\x1b", "\x1b3", "\x13some", "\x18"):
        term.send(begun)
        term.send(CTRL_C)
        term.wait_for_line(PROMPT)
    runs_a_statement(term, "fine")


def test_escape_alone_and_ctrl_g_do_no_harm(term):
    term.send("select 1")
    term.wait_for_line(f"{PROMPT} select 1")
    term.send("\x07")
    term.send(" as one;\r")
    term.wait_for("(1 row)")
    term.wait_for_line(PROMPT)
    term.send(ESC)
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    runs_a_statement(term, "esc")


def inputrc(env, home, text):
    path = os.path.join(str(home), "inputrc")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return {**env, "INPUTRC": path}


def test_vi_mode_moves_over_lines(local_env, tmp_path):
    env = inputrc(local_env, tmp_path, "set editing-mode vi\n"
                  "set show-mode-in-prompt on\n"
                  "set keyseq-timeout 1\n")
    with start(env) as term:
        term.wait_for_line("(ins)postgres=#")
        term.send("select one,\rtwo")
        term.wait_for_line("postgres-# two")
        term.send(ESC)
        term.wait_for("(cmd)postgres=# select one,")
        term.send("k0")
        term.wait_until(lambda: "select" in term.cursor_line() and
                        term.screen.cursor.x == len("(cmd)postgres=# "),
                        "not at the start")
        term.send("dw")
        term.wait_for("(cmd)postgres=# one,")
        term.send("iselect 1 as " + ESC)
        term.wait_for("(cmd)postgres=# select 1 as one,")
        term.send("jA as number;\r")
        term.wait_for_pattern("ERROR")
        term.wait_for_line("(ins)postgres=#")


def test_what_inputrc_binds_stays(local_env, tmp_path):
    env = inputrc(local_env, tmp_path,
                  '"\\t": "tab typed"\n"\\C-a": "start"\n'
                  '"\\C-o": redsh-new-line\n'
                  '"\\e[A": history-search-backward\n')
    with start(env) as term:
        term.wait_for_line(PROMPT)
        term.send("\t")
        term.wait_for_line(f"{PROMPT} tab typed")
        term.send(CTRL_A)
        term.wait_for_line(f"{PROMPT} tab typedstart")
        term.send(CTRL_C)
        term.wait_for_line(PROMPT)
        assert f"{PROMPT} tab typedstart^C" in term.lines()
        for word in ("alpha", "beta"):
            runs_a_statement(term, word)
        term.send("select 'a" + UP)
        term.wait_for_line(f"{PROMPT} select 'alpha' || '!' as proof;")
        term.send(CTRL_C)
        term.wait_for_line(PROMPT)
        term.send("select 1\x0fas x")
        term.wait_for_line("postgres-# as x")
        term.send(UP)
        term.wait_for_line(f"{PROMPT} select 1")


def test_the_persons_own_editor(local_env, tmp_path):
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\nsed -i s/1/7/ \"$1\"\n")
    script.chmod(0o755)
    with start({**local_env, "EDITOR": str(script)}) as term:
        term.wait_for_line(PROMPT)
        term.send("select 1\ras one")
        term.wait_for_line("postgres-# as one")
        term.send("\x18\x05")
        term.wait_for(f"{PROMPT} select 7")
        term.send(";\r")
        term.wait_for("(1 row)")


def test_the_statement_is_laid_out_anew(term):
    term.send("select   a,b   from t where x=1")
    term.send("\x1bq")
    term.wait_for_line(f"{PROMPT} select a, b from t where x = 1")
    term.send("\x1f")
    term.wait_for_line(f"{PROMPT} select   a,b   from t where x=1")


def test_ctrl_d_at_an_empty_line_only(term):
    term.send("select 1\r" + CTRL_D + CTRL_D)
    term.wait_for_line("postgres-#")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    term.send(CTRL_D)
    assert term.wait_for_end() == 0


def test_a_dumb_terminal_gets_no_escape_byte(local_env):
    with Terminal([REDSH, "-X"], environment(
            local_env["HOME"], **{**local_env, "TERM": "dumb"})) as term:
        term.wait_for_line(PROMPT)
        term.send("select 'a'\r|| 'b' as ab;\r")
        term.wait_for("(1 row)")
        term.wait_for_line(PROMPT)
        term.send(CTRL_D)
        term.wait_for_end()
        assert b"\x1b" not in term.raw


def test_format_gives_the_text_back_to_be_typed_on(term):
    term.send("select a,b from t where x=1 and y in (select 1)\r\\format\r")
    term.wait_for_line("postgres-# where x = 1 and y in (select 1)")
    assert f"{PROMPT} select a, b" in term.lines()
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    term.line("select 1   as last;")
    term.wait_for("(1 row)")
    term.line(r"\format")
    term.wait_for_line(f"{PROMPT} select 1 as last;")
    term.send("\r")
    term.wait_until(lambda: term.text().count("(1 row)") == 2, "not run")


def test_what_the_editor_leaves_open_is_typed_on(local_env, tmp_path):
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\nprintf 'select 4\\n+ 3' > \"$1\"\n")
    script.chmod(0o755)
    with start({**local_env, "EDITOR": str(script)}) as term:
        term.wait_for_line(PROMPT)
        term.line(r"\e")
        term.wait_for_line("postgres-# + 3")
        term.send(" as seven;\r")
        term.wait_for("    7")


def test_the_keys_are_told(term):
    term.line(r"\? keys")
    term.wait_for("redsh-cancel")
    term.wait_for("Ctrl-X Ctrl-E")


def test_readlines_own_ways_to_end_a_line(term):
    runs_a_statement(term, "first")
    runs_a_statement(term, "second")
    term.send("select 1,\r2" + UP + "\x0f")
    # operate-and-get-next: given to the shell as it is.
    term.wait_for_line("postgres-#")
    assert "postgres-# 2" in term.lines()
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    term.send("select 'not now';\x1b#")
    term.wait_until(lambda: f"{PROMPT} -- select 'not now';" in term.lines(),
                    "not a comment")
    term.wait_for_line(PROMPT)
    runs_a_statement(term, "third")


def test_ctrl_z_where_no_shell_looks_after_us(term):
    term.send("select 'still',")
    term.wait_for_line(f"{PROMPT} select 'still',")
    term.send("\x1a")
    term.wait_until(lambda: term.text().count("select 'still',") == 2,
                    "not drawn again")
    term.send(" 'here';\r")
    term.wait_for("(1 row)")
    term.wait_for_line(PROMPT)


def test_a_terminal_that_is_not_described_here(local_env):
    with start({**local_env, "TERM": "xterm-kitty",
                "TERMINFO": "/nonexistent"}) as term:
        term.wait_for_line(PROMPT)
        term.send("select 1,\r2")
        term.wait_for_line("postgres-# 2")
        term.send(UP)
        term.wait_for_line(f"{PROMPT} select 1,")
        term.send(CTRL_C)
        runs_a_statement(term, "kitty")


@pytest.mark.parametrize("word, told", [
    ("exit", "Use \\q to quit."), ("quit;", "Use \\q to quit."),
    ("help", "Use \\? for help or press control-C"),
])
def test_who_is_lost_in_a_statement_is_told_the_way_out(term, word, told):
    term.send("select (1\r" + word)
    term.wait_for_line(f"postgres(# {word}")
    term.send("\r")
    term.wait_for(told)
    # The text is there to be mended.
    term.wait_for_line(f"postgres(# {word}")
    term.send("\x15\x7f) as one;\r")
    term.wait_for("(1 row)")
    term.wait_for_line(PROMPT)


def test_such_a_word_in_a_quote_is_text(term):
    term.send("select 'a\rexit\r")
    term.wait_for_line("postgres'#")
    assert "Use" not in term.text()
