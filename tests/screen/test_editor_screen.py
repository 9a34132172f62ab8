"""The editor's frame: wide characters, edges, resizing, tall statements, paste,
and whatever else is printed amid it."""

import os
import random
import signal

import pytest

from terminal import (CTRL_A, CTRL_C, ESC, LEFT, PASTE_END, PASTE_START, REDSH,
                      UP, Terminal)

PROMPT = "postgres=#"


def start(env, *args, **options):
    return Terminal([REDSH, "-X", *args], env, **options)


@pytest.fixture
def term(local_env):
    with start(local_env) as terminal:
        terminal.wait_for_line(PROMPT)
        yield terminal


def paste(term, text):
    term.send(PASTE_START + text + PASTE_END)


def cursor(term, x, y=None):
    term.wait_until(lambda: term.screen.cursor.x == x and
                    (y is None or term.screen.cursor.y == y),
                    f"the cursor is not at {x}, {y}")


def runs_a_statement(term, word):
    term.line(f"select '{word}' || '!' as proof;")
    term.wait_for(f"{word}!")
    term.wait_for_line(PROMPT)


def resize(term, rows, columns):
    term.screen.resize(rows, columns)
    term.child.setwinsize(rows, columns)
    os.kill(term.child.pid, signal.SIGWINCH)


# ---- widths ----

@pytest.mark.parametrize("text, columns", [
    ("'\u65e5\u672c\u8a9e'", 8),        # two columns each
    ("'e\u0301a\u0308'", 4),            # combining marks
    ("'\u05e9\u05dc\u05d5\u05dd'", 6),  # right to left
    ("'\U0001f600'", 4),
])
def test_the_cursor_knows_widths(term, text, columns):
    at = len(PROMPT) + 1 + len("select ")
    term.send("select " + text)
    cursor(term, at + columns)
    term.send(LEFT + "x")
    term.wait_until(lambda: "x'" in term.cursor_line(), "x is not inside")
    cursor(term, at + columns)


def test_a_line_as_wide_as_the_screen(local_env):
    with start(local_env, columns=40) as term:
        term.wait_for_line(PROMPT)
        y = term.screen.cursor.y
        term.send("x" * 29)
        # The row is full: the cursor has the next one.
        cursor(term, 0, y + 1)
        term.send("y")
        cursor(term, 1, y + 1)
        term.send("\x7f\x7f")
        cursor(term, 39, y)
        term.send("\u65e5")
        # No room for it in the last column.
        cursor(term, 2, y + 1)
        assert term.lines()[y] == PROMPT + " " + "x" * 28
        assert term.lines()[y + 1].startswith("\u65e5")
        term.send(CTRL_C)
        runs_a_statement(term, "edge")


def test_controls_are_shown_and_not_sent(term):
    paste(term, "select '\x1b]0;title\x07\x1b[31mred\u202egnp\u200b\x9b' as x")
    term.wait_for_line(f"{PROMPT} select '^[]0;title^G^[[31mred\ufffdgnp"
                       "\ufffd\ufffd' as x")
    assert b"\x1b]0;" not in term.raw
    assert b"\x1b[31mred" not in term.raw
    term.send(CTRL_C)
    runs_a_statement(term, "calm")


def test_a_byte_that_is_no_utf8(term):
    term.send(PASTE_START.encode() + b"select 'a\xff\xc3b'" +
              PASTE_END.encode())
    term.wait_for_line(f"{PROMPT} select 'a\ufffd\ufffdb'")
    term.send("\x7f\x7f\x7fc'")
    term.wait_for_line(f"{PROMPT} select 'a\ufffdc'")
    term.send(CTRL_C)
    runs_a_statement(term, "mended")


def test_tabs_in_pasted_text(term):
    paste(term, "select\t1")
    term.wait_for_line(f"{PROMPT} select       1")
    cursor(term, 25)


# ---- sizes ----

def test_a_tall_statement_is_edited_through_a_window(local_env):
    with start(local_env, rows=8) as term:
        term.wait_for_line(PROMPT)
        lines = [f"{n} as c{n}," for n in range(30)]
        paste(term, "select\n" + "\n".join(lines) + "\n'end' as last")
        term.wait_for_line("postgres-# 'end' as last")
        assert "postgres-# 29 as c29," in term.lines()
        for _ in range(20):
            term.send(UP)
        term.wait_for_line("postgres-# 10 as c10,")
        term.send(CTRL_A + "1")
        term.wait_for_line("postgres-# 110 as c10,")
        term.send("\x05\x05;\r")
        term.wait_for(PROMPT)
        term.wait_for_line(PROMPT)
        seen = scrollback(term)
        # Each line once, in order.
        for n in range(30):
            number = "110" if n == 10 else n
            assert seen.count(f"-# {number} as c{n},\n") == 1, n
        assert seen.count("select\n") == 1
        runs_a_statement(term, "tall")


def scrollback(term):
    rows = [*term.screen.history.top, *[term.screen.buffer[y] for y in
                                        range(term.screen.lines)]]
    return "\n".join("".join(row[x].data for x in
                             range(term.screen.columns)).rstrip()
                     for row in rows) + "\n"


def test_a_screen_of_one_row(local_env):
    with start(local_env, rows=1) as term:
        term.wait_for_line(PROMPT)
        term.send("select 1,\r2")
        term.wait_for_line("postgres-# 2")
        term.send(UP)
        term.wait_for_line(f"{PROMPT} select 1,")
        term.send(CTRL_C)
        term.wait_for_line(PROMPT)


@pytest.mark.parametrize("columns", [30, 60, 120])
def test_another_width_keeps_the_output_above(local_env, columns):
    # As xterm, which does not wrap old rows anew; pyte does not either.
    with start({**local_env, "XTERM_VERSION": "XTerm(379)"}) as term:
        term.wait_for_line(PROMPT)
        runs_a_statement(term, "above")
        term.send("select " + "word, " * 20 + "\r'second'")
        term.wait_for_line("postgres-# 'second'")
        resize(term, 24, columns)
        text = "select " + "word, " * 20
        row = (PROMPT + " " + text)[:columns].rstrip()
        term.wait_until(lambda: row in term.lines(), "not drawn anew")
        term.wait_for_line("postgres-# 'second'")
        # Once, and what was above is still there.
        assert term.text().count("'second'") == 1
        assert " above!" in term.text()[:term.text().index("'second'")]
        term.send(";\r")
        term.wait_for_pattern("ERROR")
        term.wait_for_line(PROMPT)


def test_a_resize_while_nothing_is_typed(term):
    for columns in (40, 100, 20, 80):
        resize(term, 24, columns)
    runs_a_statement(term, "resized")


# ---- paste ----

def test_a_paste_of_a_megabyte_arrives_whole(term):
    text = "select length('" + "0123456789abcde\n" * 65536 + "') as long"
    paste(term, text)
    term.wait_for_line("postgres'# ') as long")
    term.send(";\r")
    term.wait_for("1048576")
    term.wait_for_line(PROMPT)


def test_a_paste_is_one_step_of_undo(term):
    term.send("select 1")
    paste(term, " as a,\r\n2 as b,\r3\nas c\n")
    term.wait_for_line("postgres-# as c")
    term.send("\x1f")
    term.wait_for_line(f"{PROMPT} select 1")


def test_a_paste_that_is_cut_ends_with_ctrl_c(term):
    term.send(PASTE_START + "select 'half")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    runs_a_statement(term, "whole")


def test_nothing_pasted_runs_by_itself(term):
    paste(term, "select 'ran';\r\\echo ran\\\\ too\r\\q\r")
    term.wait_for_line("postgres-# \\q")
    assert " ran\n" not in term.text()
    term.send(CTRL_C)
    runs_a_statement(term, "safe")


def test_nul_and_escape_in_a_paste(term):
    paste(term, "sel\x00ect 1\x1b[A")
    term.wait_for_line(f"{PROMPT} select 1^[[A")
    term.send(CTRL_C)
    runs_a_statement(term, "clean")


def test_typed_ahead_of_a_slow_command(term):
    term.send("\\echo one\r\\echo two\rselect 'three' || '!';\r")
    term.wait_for("three!")
    term.wait_for_line(PROMPT)
    assert "one\n" in term.text() and "two\n" in term.text()


# ---- what Readline prints ----

def test_readlines_own_listing_stands_below_the_frame(local_env, tmp_path):
    path = tmp_path / "inputrc"
    path.write_text('"\\C-o": possible-completions\n'
                    '"\\C-t": dump-variables\n')
    with start({**local_env, "INPUTRC": str(path)}, rows=60) as term:
        term.wait_for_line(PROMPT)
        term.send("select 1,\r2")
        term.wait_for_line("postgres-# 2")
        term.send("\x14")
        term.wait_for("bell-style is set to")
        term.wait_for_line("postgres-# 2")
        assert term.text().count("select 1,") == 2
        term.send(" as two;\r")
        term.wait_for("(1 row)")


def test_a_search_of_readline_shows_what_it_finds(term):
    runs_a_statement(term, "needle")
    term.send("\x13")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    term.send("\x1bp")
    term.wait_for_line(f"{PROMPT} :")
    term.send("needle\r")
    term.wait_for_line(f"{PROMPT} select 'needle' || '!' as proof;")
    term.send("\r")
    term.wait_until(lambda: term.text().count(" needle!") == 2, "not run")


def test_ctrl_l_clears_and_keeps_the_text(term):
    term.send("select 1,\r2")
    term.wait_for_line("postgres-# 2")
    term.send("\x0c")
    term.wait_until(lambda: term.lines()[:2] ==
                    [f"{PROMPT} select 1,", "postgres-# 2"], "not cleared")
    cursor(term, 12, 1)
    term.send(" as two;\r")
    term.wait_for("(1 row)")


def test_a_prompt_of_two_lines_in_colour(local_env):
    with start(local_env, "-v",
               "PROMPT1=%[%033[32m%]%/\nover %x%[%033[0m%]> ") as term:
        term.wait_for_line("over >")
        assert "postgres\nover >" in term.text()
        y = term.screen.cursor.y
        assert term.screen.buffer[y - 1][0].fg == "green"
        assert term.screen.buffer[y][0].fg == "green"
        cursor(term, 7)
        term.send("select 1")
        term.wait_for_line("over > select 1")
        term.send(LEFT * 8 + "x")
        term.wait_for_line("over > xselect 1")
        assert term.text().count("over >") == 1
        assert term.screen.buffer[y][0].fg == "green"
        term.send(CTRL_C)
        term.wait_for_line("over >")


def test_escape_at_the_last_row_does_not_scroll(term):
    for n in range(25):
        term.line(f"\\echo {n}")
    term.wait_for("\n24\n")
    term.wait_for_line(PROMPT)
    term.send("select" + "\x7f" * 6)
    term.wait_for_line(PROMPT)
    term.send(ESC + CTRL_C)
    term.wait_until(lambda: term.lines()[-2:] == [f"{PROMPT} ^C", PROMPT],
                    "not one row further")


# ---- what is drawn in steps is what is drawn at once ----

# No combining marks: pyte wraps in front of one in the last column.
KEYS = ["a", "b ", "'", "(", ")", "select ", "\u65e5", "\u00e9", "\x1b\r",
        "\x1b\r", "\x7f", "\x7f\x7f", "\x1b[3~", UP, "\x1b[B", LEFT, "\x1b[C",
        CTRL_A, "\x05", "\x0b", "\x19", "\x17", "\x1bb", "\x1bf", "\x1f",
        "$$", "-- ", "/*", "*/", ";", "\"", "a long word ", "\u05e9",
        PASTE_START + "x,\ny\t,z" + PASTE_END]


def picture(term):
    """Text and colours of the screen, and the cursor."""
    screen = term.screen
    rows = [[(cell.data, cell.fg, cell.bold, cell.underscore, cell.reverse)
             for cell in (screen.buffer[y][x] for x in range(screen.columns))]
            for y in range(screen.lines)]
    return rows, screen.cursor.x, screen.cursor.y


def quiet_picture(term):
    """Once nothing more comes: the suggestion too has been drawn."""
    seen = None
    while seen != len(term.raw):
        seen = len(term.raw)
        term.pump(0.1)
    return picture(term)


@pytest.mark.parametrize("seed", range(4))
def test_steps_draw_what_a_fresh_frame_draws(local_env, seed):
    chance = random.Random(seed)
    with start(local_env, rows=12, columns=chance.choice([20, 33, 50])) as term:
        term.wait_for_line(PROMPT)
        term.send("\x0c")
        term.wait_until(lambda: term.lines()[0] == PROMPT, "not cleared")
        for step in range(40):
            for _ in range(chance.randrange(1, 8)):
                term.send(chance.choice(KEYS))
            mark = chr(0x2460 + step % 50)
            term.send(mark)
            term.wait_for(mark)
            before = quiet_picture(term)
            term.send("\x0c")
            term.wait_until(lambda: picture(term) == before,
                            f"step {step} looked otherwise:\n"
                            + "\n".join("".join(cell[0] for cell in row)
                                        for row in before[0]))
            term.send("\x7f")
            term.wait_until(lambda: mark not in term.text(), "still there")


def test_a_key_costs_few_bytes(local_env):
    with start(local_env, rows=40, columns=100) as term:
        term.wait_for_line(PROMPT)
        lines = [f"  coalesce(t.column_{n:02}, 'a text', {n}) as c{n:02},"
                 for n in range(100)]
        paste(term, "select\n" + "\n".join(lines) + "\n  'x' as last_one")
        term.wait_for_line("postgres-#   'x' as last_one")
        for key, shown in (("s", "last_ones"), ("\x7f", "last_one"),
                           (LEFT * 4, "last_one"), ("_", "last__one"),
                           ("\x7f", "last_one"), (UP, "")):
            quiet_picture(term)
            before = len(term.raw)
            term.send(key)
            term.wait_until(lambda text=shown: text in term.cursor_line() and
                            len(term.raw) > before, f"no {shown}")
            quiet_picture(term)
            assert len(term.raw) - before <= 100, (key, term.raw[before:])
