"""The list of candidates below the text, and the grey suggestion."""

import subprocess

import pytest

from terminal import (CTRL_C, DOWN, ESC, LEFT, REDSH, RIGHT, TAB, UP, Terminal,
                      environment)

PROMPT = "postgres=#"
BACK_TAB = "\x1b[Z"
ALT_RIGHT = "\x1b[1;3C"


def start(env, *args, **options):
    return Terminal([REDSH, "-X", *args], env, **options)


TABLES = [
    "create table zebra_one (id int, name text, price numeric)",
    "create table zebra_two (id int)",
    "create view zebra_view as select 1 as one",
    "create table \"zebra odd\" (x int)",
    "create table \"zebra\x1b[31mred\" (x int)",
    *[f"create table yak_{n:02} (id int)" for n in range(40)],
]


@pytest.fixture(scope="module")
def tables(server, tmp_path_factory):
    env = environment(tmp_path_factory.mktemp("home"), PGHOST=str(server.dir),
                      PGUSER="tester", PGDATABASE="postgres")
    subprocess.run([REDSH, "-X", "-q", "-v", "ON_ERROR_STOP=1"], env=env,
                   input=";\n".join(TABLES) + ";\n", text=True, check=True)
    return server


@pytest.fixture
def term(tables, local_env):
    with start(local_env) as terminal:
        terminal.wait_for_line(PROMPT)
        terminal.line(r"\refresh")
        terminal.wait_for("Tab knows")
        terminal.wait_for_line(PROMPT)
        yield terminal


def row_of(term, text):
    for y, line in enumerate(term.lines()):
        if text in line:
            return y
    return None


def is_chosen(term, text):
    y = row_of(term, text)
    return y is not None and term.screen.buffer[y][1].reverse


def wait_chosen(term, text):
    term.wait_until(lambda: is_chosen(term, text), f"{text!r} is not chosen")


def runs_a_statement(term, word):
    term.line(f"select '{word}' || '!' as proof;")
    term.wait_for(f"{word}!")
    term.wait_for_line(PROMPT)


def typed(term):
    """The cursor's line without what is only suggested."""
    row = term.screen.buffer[term.screen.cursor.y]
    return "".join(row[x].data for x in range(80)
                   if row[x].fg != "white").rstrip()


def wait_typed(term, line):
    term.wait_until(lambda: typed(term) == f"{PROMPT} {line}",
                    f"the line is not {line!r}")


def open_list(term, typed="select * from zebra_"):
    term.send(typed + TAB)
    term.wait_for_pattern("^ zebra_one .* table")


# ---- the list ----

def test_tab_puts_in_what_is_common_and_lists_the_rest(term):
    term.send("select * from ya" + TAB)
    term.wait_for_pattern("^ yak_03 +table")
    wait_typed(term, "select * from yak_")
    # The cursor stays in the text.
    assert term.screen.cursor.y < row_of(term, " yak_00")


def test_tab_and_arrows_move_and_enter_takes(term):
    open_list(term)
    term.send(TAB)
    wait_chosen(term, "zebra_one")
    term.send(DOWN)
    wait_chosen(term, "zebra_two")
    term.send(BACK_TAB)
    wait_chosen(term, "zebra_one")
    term.send(UP)
    wait_chosen(term, "zebra_view")
    term.send("\r")
    term.wait_for_pattern("select \\* from zebra_view ?$")
    assert row_of(term, " zebra_two") is None
    term.send("\x1f")
    wait_typed(term, "select * from zebra_")


def test_escape_closes_and_changes_nothing(term):
    open_list(term)
    term.send(TAB)
    wait_chosen(term, "zebra_one")
    term.send(ESC)
    term.wait_until(lambda: row_of(term, " zebra_two") is None, "still there")
    wait_typed(term, "select * from zebra_")
    term.send(CTRL_C)
    runs_a_statement(term, "escaped")


def test_ctrl_g_closes(term):
    open_list(term)
    term.send("\x07")
    term.wait_until(lambda: row_of(term, " zebra_two") is None, "still there")
    term.send("one" + CTRL_C)
    runs_a_statement(term, "g")


def test_another_key_closes_and_is_typed(term):
    open_list(term)
    term.send("one limit 0;")
    term.wait_for_line(f"{PROMPT} select * from zebra_one limit 0;")
    assert row_of(term, " zebra_two") is None
    term.send("\r")
    term.wait_for("(0 rows)")


def test_enter_without_a_choice_is_enter(term):
    open_list(term)
    term.send("\r")
    term.wait_for_pattern("^postgres-#$")
    assert row_of(term, " zebra_two") is None


def test_ctrl_c_closes_and_leaves_the_line(term):
    open_list(term)
    term.send(TAB)
    wait_chosen(term, "zebra_one")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    assert f"{PROMPT} select * from zebra_^C" in term.lines()
    assert row_of(term, " zebra_two") is None
    runs_a_statement(term, "left")


def test_a_paste_closes_the_list(term):
    open_list(term)
    term.send("\x1b[200~one limit 0\x1b[201~")
    term.wait_for_line(f"{PROMPT} select * from zebra_one limit 0")


def test_the_list_at_the_last_row_of_the_screen(term):
    for n in range(25):
        term.line(f"\\echo {n}")
    term.wait_for("\n24\n")
    term.wait_until(lambda: term.screen.cursor.y == 23 and
                    term.cursor_line() == PROMPT, "not at the last row")
    open_list(term)
    assert "select * from zebra_" in term.cursor_line()
    term.send(TAB + TAB)
    wait_chosen(term, "zebra_two")
    term.send("\r")
    term.wait_for_pattern("zebra_two ?$")
    assert "\n24\n" in term.text()
    term.send(" limit 0;\r")
    term.wait_for("(0 rows)")


def test_a_list_in_a_small_window(tables, local_env):
    with start(local_env, rows=5, columns=30) as term:
        term.wait_for_line(PROMPT)
        term.line(r"\refresh")
        term.wait_for_line(PROMPT)
        term.wait_for("Tab knows")
        term.send("\x0cselect *\rfrom yak_" + TAB)
        term.wait_for(" 40")
        for _ in range(3):
            term.send(DOWN)
        wait_chosen(term, "yak_02")
        assert "from yak_" in term.cursor_line()
        term.send("\r")
        term.wait_for_pattern("from yak_02 ?$")


def test_a_long_list_scrolls_and_counts(term):
    term.send("select * from yak_" + TAB)
    term.wait_for("40, Tab or Down chooses")
    for _ in range(15):
        term.send(TAB)
    wait_chosen(term, "yak_14")
    term.wait_for("15 of 40")
    term.send("\x1b[6~")
    term.wait_for("24 of 40")
    term.send("\x1b[5~\x1b[5~\x1b[5~")
    wait_chosen(term, "yak_00")
    term.send(UP)
    wait_chosen(term, "yak_39")


def test_columns_show_their_type(term):
    term.send("select z. from zebra_one z" + LEFT * len(" from zebra_one z")
              + TAB)
    term.wait_for_pattern("^ name +column +text")
    term.wait_for_pattern("^ price +column +numeric")


def test_names_with_control_characters_send_no_order(term):
    term.send("select * from zebra" + TAB)
    term.wait_for("zebra^[[31mred")
    term.wait_for("zebra odd")
    assert b"zebra\x1b[31m" not in term.raw


def test_in_psqls_style_names_are_listed_above_the_prompt(term):
    term.line(r"\set STYLE psql")
    runs_a_statement(term, "psql")
    term.send("select * from zebra_" + TAB)
    term.wait_for_pattern("zebra_one +zebra_two +zebra_view")
    term.wait_for_line(f"{PROMPT} select * from zebra_")


def test_the_menu_stays_in_order_when_the_screen_changes(term):
    open_list(term)
    term.screen.resize(24, 60)
    term.child.setwinsize(24, 60)
    term.send(TAB)
    wait_chosen(term, "zebra_one")
    term.send("\r")
    term.wait_for_pattern("zebra_one ?$")


# ---- the suggestion ----

def suggested(term):
    """The grey text behind the cursor."""
    row = term.screen.buffer[term.screen.cursor.y]
    return "".join(row[x].data for x in range(term.screen.cursor.x, 80)
                   if row[x].fg == "white").rstrip()


def wait_suggested(term, text):
    term.wait_until(lambda: suggested(term) == text,
                    f"no suggestion {text!r} but {suggested(term)!r}")


def test_the_newest_statement_is_suggested_and_taken(term):
    runs_a_statement(term, "old")
    runs_a_statement(term, "new")
    term.send("select '")
    wait_suggested(term, "new' || '!' as proof;")
    term.send("ol")
    wait_suggested(term, "d' || '!' as proof;")
    term.send(RIGHT)
    term.wait_for_line(f"{PROMPT} select 'old' || '!' as proof;")
    term.send("\r")
    term.wait_until(lambda: term.text().count(" old!") == 2, "did not run")


def test_a_word_of_it_is_taken(term):
    runs_a_statement(term, "word")
    term.send("sel")
    wait_suggested(term, "ect 'word' || '!' as proof;")
    term.send(ALT_RIGHT)
    term.wait_until(lambda: suggested(term).startswith(" 'word'"), "select")
    term.send(ALT_RIGHT)
    wait_suggested(term, "' || '!' as proof;")
    term.send("\x0b")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    # What was not taken does not stay on the screen.
    assert f"{PROMPT} select 'word^C" in term.lines()


def test_it_is_not_run(term):
    runs_a_statement(term, "quiet")
    term.send("select 'qui")
    wait_suggested(term, "et' || '!' as proof;")
    term.send("\r")
    term.wait_for_line("postgres'#")
    assert f"{PROMPT} select 'qui" in term.lines()


def test_a_statement_of_several_lines_is_suggested_whole(term):
    term.send("select 'tall'\r|| '?' as proof;\r")
    term.wait_for("tall?")
    term.wait_for_line(PROMPT)
    term.send("select 'ta")
    wait_suggested(term, "ll' ...")
    term.send(RIGHT)
    term.wait_for_line("postgres-# || '?' as proof;")


@pytest.mark.parametrize("statement", [
    "drop table if exists nothing_here;",
    "delete from zebra_two;",
    "select 1; truncate zebra_two;",
    "update zebra_two set id = 1;",
])
def test_what_destroys_is_never_suggested(term, statement):
    term.line(statement)
    term.wait_until(lambda: term.cursor_line() == PROMPT and
                    statement in term.text(), "did not run")
    term.send(statement[:len(statement) // 2])
    term.wait_until(lambda: term.text().count(
        statement[:len(statement) // 2]) == 2, "not typed")
    term.send("\x01\x05")
    term.wait_until(lambda: term.screen.cursor.x ==
                    len(PROMPT) + 1 + len(statement) // 2, "moved")
    assert suggested(term) == ""


def test_a_name_is_suggested_where_history_knows_nothing(term):
    term.send("select * from zebra_vi")
    wait_suggested(term, "ew")
    term.send(RIGHT)
    term.wait_for_line(f"{PROMPT} select * from zebra_view")


def test_nothing_is_suggested_inside_the_text(term):
    runs_a_statement(term, "inside")
    term.send("select 'ins")
    wait_suggested(term, "ide' || '!' as proof;")
    term.send(LEFT)
    term.wait_until(lambda: "ide'" not in term.cursor_line(), "still there")
