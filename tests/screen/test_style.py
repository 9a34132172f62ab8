"""How tables look at a terminal: STYLE, cut cells, hostile data, \\last."""

import os
import re

import pytest

from terminal import CTRL_C, REDSH, Terminal

LOCAL = "postgres=#"


@pytest.fixture
def env(local_env):
    return local_env


@pytest.fixture
def term(env):
    with start(env) as terminal:
        terminal.wait_for_line(LOCAL)
        yield terminal


def start(env, *args, program=REDSH, **options):
    return Terminal([program, "-X", *args], env, **options)


def clear(term):
    term.send("\x0c")
    term.wait_until(lambda: term.lines()[0] == LOCAL, "the screen is not clear")


def dim_text(term):
    """What is shown dim: pyte knows no dim, so the raw bytes are read."""
    parts = term.raw.decode().split("\x1b[2m")[1:]
    return [part.split("\x1b[0m")[0] for part in parts]


def test_unicode_lines_times_and_nulls(term):
    term.line("select 1 as a, null as b, 'x' as c;")
    term.wait_for("Time: ")
    assert "\n a │  b   │ c\n───┼──────┼───\n 1 │ NULL │ x\n(1 row)" \
        in term.text()


def test_psqls_look_comes_back(term):
    term.line(r"\set STYLE psql")
    term.line("select 1 as a, null as b;")
    term.wait_for("\n a | b\n---+---\n 1 |\n(1 row)")
    term.line(r"\set STYLE redsh")
    term.line("select 2 as a, null as b;")
    term.wait_for("\n 2 │ NULL\n(1 row)\n\nTime: ")
    assert term.text().count("Time: ") == 1
    term.line(r"\set STYLE other")
    term.wait_for('unrecognized value "other" for "STYLE"')


def test_a_person_s_settings_win(term):
    term.line(r"\pset null (none)")
    term.line(r"\pset linestyle ascii")
    term.line("select null as a, 2 as b;")
    term.wait_for("\n   a    | b\n--------+---\n (none) | 2\n")


@pytest.mark.parametrize("more, colour", [
    ({"NO_COLOR": "1"}, False), ({}, True),
    ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
])
def test_colours_are_asked_for(env, more, colour):
    with start({**env, "PAGER": "", **more}) as term:
        term.wait_for_line(LOCAL)
        term.line("select null as a;")
        term.wait_for(" NULL\n(1 row)")
        assert dim_text(term) == (["NULL"] if colour else [])


@pytest.mark.parametrize("more, args", [
    ({"TERM": "dumb"}, ()), ({}, ("--plain",)), ({}, ("-v", "STYLE=psql")),
])
def test_plain_terminals_see_psqls_tables(env, more, args):
    with start({**env, **more}, *args) as term:
        term.wait_for(LOCAL)
        term.line("select 1 as a, null as b;")
        term.wait_for("---+---")
        assert "Time:" not in term.text()
        assert b"\x1b[2m" not in term.raw


def test_under_psqls_name_psqls_style(env, tmp_path):
    link = tmp_path / "psql"
    link.symlink_to(os.path.abspath(REDSH))
    with start(env, program=str(link)) as term:
        term.wait_for_line(LOCAL)
        term.line("select 1 as a, 2 as b;")
        term.wait_for("---+---")


def test_a_locale_without_unicode_has_plain_lines(env):
    with start({**env, "LC_ALL": "C"}) as term:
        term.wait_for_line(LOCAL)
        term.line("select 1 as a, 2 as b;")
        term.wait_for("---+---")


def test_files_and_pipes_see_no_style(term, tmp_path):
    path = tmp_path / "out.txt"
    term.line(rf"select 1 as a, null as b \g {path}")
    term.wait_for("Time: ")
    plain = " a | b \n---+---\n 1 | \n(1 row)\n\n"
    assert path.read_text() == plain
    again = tmp_path / "again.txt"
    term.line(rf"\last aligned {again}")
    term.line(rf"\o {tmp_path}/o.txt")
    term.line("select 1 as a, null as b;")
    term.line(r"\o")
    term.line(rf"select 1 as a, null as b \g |cat >{tmp_path}/pipe.txt")
    term.line(r"\echo done")
    term.wait_for("\ndone\n")
    for name in ("again.txt", "o.txt", "pipe.txt"):
        assert (tmp_path / name).read_text() == plain


def test_the_log_sees_no_style(env, tmp_path):
    log = tmp_path / "log.txt"
    with start(env, "-L", str(log)) as term:
        term.wait_for_line(LOCAL)
        term.line("select 1 as a, 2 as b;")
        term.wait_for("───┼───")
        term.line(r"\q")
        term.wait_for_end()
    assert " a | b \n---+---\n 1 | 2\n(1 row)\n" in log.read_text()


def test_what_a_person_chose_stays(term, tmp_path):
    path = tmp_path / "out.txt"
    term.line(r"\pset linestyle unicode")
    term.line(rf"select 1 as a, 2 as b \g {path}")
    term.wait_for("Time: ")
    assert path.read_text() == " a │ b \n───┼───\n 1 │ 2\n(1 row)\n\n"
    term.line(r"\set STYLE psql")
    clear(term)
    term.line("select 1 as a, 2 as b;")
    term.wait_for("\n a │ b\n───┼───\n 1 │ 2\n(1 row)")


HOSTILE = {
    "an escape sequence": ("x\x1b[31mred", r"x\x1B[31mred"),
    "a window title": ("\x1b]0;owned\x07", r"\x1B]0;owned\x07"),
    "C1 controls": ("a\u009b31mb", r"a\u009B31mb"),
    "bidirectional overrides": ("a\u202eb\u2066c", r"a\u202Eb\u2066c"),
    "a return": ("ab\rc", r"ab\rc"),
    "a line separator": ("a\u2028b", r"a\u2028b"),
    "a zero width space": ("a\u200bb", r"a\u200Bb"),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("form", ["aligned", "unaligned", "csv", "vertical",
                                  "wrapped"])
def test_data_gives_the_terminal_no_orders(term, what, form):
    value, shown = HOSTILE[what]
    literal = "".join(f"\\u{ord(c):04x}" for c in value)
    term.line(rf"\pset format {form}")
    term.wait_for(f"Output format is {form}.")
    clear(term)
    before = len(term.raw)
    term.line(f"select 'start' as s, E'{literal}' as v;")
    term.wait_for("Time: ")
    sent = term.raw[before:].decode()
    sent = sent[sent.rindex("start"):]
    assert value not in sent
    if form != "aligned" and form != "wrapped" and what == "a return":
        shown = r"ab\x0Dc"
    assert shown in term.text()


def test_long_cells_are_cut_and_say_so(term, tmp_path):
    term.line(r"\x off")
    term.line(r"\set CELL_WIDTH 20")
    term.line("select repeat('long ', 20) as text, 7 as number;")
    term.wait_for(" long long long long… │      7\n")
    term.wait_for("1 cell was cut at 20 columns: \\last json shows all")
    path = tmp_path / "whole.txt"
    term.line(rf"\last unaligned {path}")
    term.line(r"\echo done")
    term.wait_for("\ndone\n")
    assert path.read_text().splitlines()[1] == "long " * 20 + "|7"
    term.line(r"\set CELL_WIDTH 0")
    clear(term)
    term.line("select repeat('x', 60) as text;")
    term.wait_for("x" * 60)


def test_a_wide_table_becomes_records(term):
    term.line("select " + ", ".join(f"'value {i}' as column_{i}"
                                    for i in range(9)) + ";")
    term.wait_for("─[ RECORD 1 ]")
    term.wait_for("column_8 │ value 8")
    assert max(len(line) for line in term.lines()) <= 80


def test_rows_show_before_the_last_has_come(env):
    """The query would run for hours; what has come is on the screen, and
    Ctrl-C gives the prompt back."""
    with start({**env, "PAGER": ""}) as term:
        term.wait_for_line(LOCAL)
        term.line("select i as number, repeat('y', i / 10) as y, "
                  "pg_sleep(case when i > 400 then 9999 else 0 end) as z "
                  "from generate_series(1, 1000) i;")
        # The server sends by blocks of 8 KiB.
        term.wait_for_pattern(r"^ +3[0-9]+ │ yyyyyyyyyyyyyyy… │")
        term.send(CTRL_C)
        term.wait_for_line(LOCAL)
        assert " │ yyyyyyyyyyyyyyy… │" in term.text()
        assert "canceling statement due to user request" in term.text()


def test_wide_characters_stay_in_line(term):
    term.line("select '漢字' as a, 'é' as b union all select 'x', 'yy';")
    term.wait_for("│ yy")
    buffer = term.screen.buffer
    bars = [x for y in range(24) for x in range(80) if buffer[y][x].data == "│"]
    assert len(bars) == 3 and len(set(bars)) == 1


def test_last_prints_again(term):
    term.line(r"\last")
    term.wait_for("there is no result yet")
    term.line("select 1 as a, 'x|y' as b;")
    term.wait_for("Time: ")
    clear(term)
    term.line(r"\last markdown")
    term.wait_for(r"| 1 | x\|y |")
    term.line(r"\last json")
    term.wait_for('[{"a":1,"b":"x|y"}]')
    term.line(r"\last nosuch")
    term.wait_for("allowed formats are")
    term.line(r"\last csv |tr a-z A-Z")
    term.wait_for("1,X|Y")


def test_last_says_what_is_missing(env):
    with start({**env, "PAGER": ""}) as term:
        term.wait_for_line(LOCAL)
        term.line(r"\x off")
        term.line("select i, repeat('z', 400), pg_sleep(case when i > 300 then "
                  "9999 else 0 end) from generate_series(1, 400) i;")
        term.wait_for_pattern(r"^ +2[0-9]+ │ z")
        term.send(CTRL_C)
        term.wait_for_line(LOCAL)
        clear(term)
        term.line(r"\last unaligned")
        term.wait_for("The result was left before its end")
        assert re.search(r"^\([23][0-9]+ rows\)$", term.text(), re.M)


def test_scripts_keep_no_last_result(env):
    with start(env, "-c", "select 1", "-c", r"\last") as term:
        term.wait_for("results are kept at a prompt only")
        term.wait_for("\\g FILE writes a result")
