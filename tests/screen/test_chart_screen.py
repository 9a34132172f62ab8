"""\\chart at a prompt: the last result, colours, Tab, screen readers."""

import re

import pytest

from terminal import REDSH, Terminal

LOCAL = "postgres=#"
SALES = ("select * from (values ('North', 1200), ('South', 800)) "
         "t (region, revenue)")


def start(env, *args, **options):
    terminal = Terminal([REDSH, "-X", *args], env, **options)
    terminal.wait_for_line(LOCAL)
    return terminal


@pytest.fixture
def term(local_env):
    with start({**local_env, "TERM": "xterm-256color"}) as terminal:
        yield terminal


def colours(term):
    return re.findall(r"\x1b\[0;38;5;(\d+)m█", term.raw.decode())


def test_the_last_result_is_drawn(term):
    term.line(r"\chart")
    term.wait_for("there is no result yet")
    term.line(SALES + ";")
    term.wait_for("(2 rows)")
    term.line(r"\chart")
    term.wait_for_pattern(r"North │█+ 1,200")
    term.line(r"\chart bar")
    term.wait_for_pattern(r"North +South")
    # It still is the last result, and a chart's query becomes it.
    term.line(r"\chart (select 'x' as k, 5 as n)")
    term.wait_for_pattern(r"x │█+ 5")
    term.line(r"\last csv")
    term.wait_for("x,5")


def test_a_query_at_the_prompt(term):
    term.line(SALES + r" \chart")
    term.wait_for_pattern(r"South │█+")
    assert colours(term)


def test_colours_follow_the_ground(local_env):
    seen = []
    for theme in ("dark", "light"):
        with start({**local_env, "TERM": "xterm-256color"},
                   "-v", f"THEME={theme}") as term:
            term.line(SALES + r" \chart")
            term.wait_for_pattern(r"South │█+. 800")
            seen.append(colours(term)[0])
    assert seen[0] != seen[1]


def test_no_color_is_obeyed(local_env):
    with start({**local_env, "NO_COLOR": "1"}) as term:
        term.line(SALES + r" \chart")
        term.wait_for_pattern(r"South │█+. 800")
        assert not colours(term)


def test_the_width_is_the_terminals(local_env):
    with start(local_env, columns=50) as term:
        term.line(SALES + r" \chart")
        term.wait_for_pattern(r"(?m)^North │█{37} 1,200$")


def test_a_dumb_terminal_gets_words(local_env):
    with start({**local_env, "TERM": "dumb"}) as term:
        term.line(SALES + r" \chart")
        term.wait_for("greatest North: 1,200")


def test_tab_knows_kinds_and_columns(term):
    term.line(SALES + ";")
    term.wait_for("(2 rows)")
    term.send("\\chart scat\t")
    term.wait_for(r"\chart scatter")
    term.send("reg\t")
    term.wait_for(r"\chart scatter region")
    term.send("reve\t")
    term.wait_for(r"\chart scatter region revenue")
    term.send("--asc\t")
    term.wait_for("--ascii")


def test_names_give_a_terminal_no_orders(term):
    term.line(r"select E'\033]0;owned\007' as k, 3 as n \chart")
    term.wait_for_pattern(r"x1B\]0;owned")
    assert "\x1b]0;owned" not in term.raw.decode()


def test_behind_a_query_tab_knows_its_columns_only(term):
    term.line(SALES + ";")
    term.wait_for("(2 rows)")
    term.send("select 1 as area, 2 as rev order by 1 \\chart bar ar\t")
    term.wait_for(r"\chart bar area")
    # The last result has "region" and "revenue", this one has not.
    term.send("re\t")
    term.wait_for(r"bar area rev")
    term.send("b\tare\t")
    term.wait_for(r"rev by area")
