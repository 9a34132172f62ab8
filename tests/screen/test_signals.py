"""Signals and ends that come at a bad moment: a password being typed, a pager
being read, a pager that dies, a terminal that goes away."""

import os
import re
import signal

import pytest

from terminal import CTRL_C, REDSH, Terminal

PROMPT = "postgres=#"


@pytest.fixture
def env(local_env):
    return local_env


def start(env, *args, **options):
    return Terminal([REDSH, "-X", *args], env, **options)


def echoes(term):
    """Whether what is typed shows, asked of the terminal itself."""
    term.line("\\echo see'n'")
    term.wait_for_pattern("^seen$")
    return "\\echo see'n'" in term.text()


def resize(term, rows, columns):
    term.screen.resize(rows, columns)
    term.child.setwinsize(rows, columns)


# ---- passwords ----

def test_ctrl_c_at_a_new_password(env):
    with start(env) as term:
        term.wait_for_line(PROMPT)
        term.line("\\password")
        term.wait_for("Enter new password for user")
        term.send("half" + CTRL_C)
        term.wait_for_line(PROMPT)
        assert "half" not in term.text()
        assert echoes(term)
        term.line("\\password")
        term.wait_for_line('Enter new password for user "tester":')
        term.line("one")
        term.wait_for("Enter it again:")
        term.send(CTRL_C)
        term.wait_for_line(PROMPT)
        assert echoes(term)


def test_ctrl_c_at_a_question_without_echo(env):
    with start(env) as term:
        term.wait_for_line(PROMPT)
        term.line("\\prompt 'Say: ' word")
        term.wait_for_line("Say:")
        term.send(CTRL_C)
        term.wait_for_line(PROMPT)
        assert echoes(term)


def test_ctrl_c_at_the_first_password(env):
    with Terminal(["/bin/bash", "--norc", "-i"],
                  dict(env, PS1="outer> ")) as term:
        term.wait_for_line("outer>")
        term.line(f"'{REDSH}' -X -W; echo left $?")
        term.wait_for("Password")
        term.send("half" + CTRL_C)
        term.wait_for("connecting was cancelled")
        term.wait_for_line("offline=>")
        assert echoes(term)
        term.line("\\q")
        term.wait_for("left 0")
        term.wait_for_line("outer>")
        term.line("echo she'l'l")
        term.wait_for_pattern("^shell$")
        assert "echo she'l'l" in term.text()
        assert "half" not in term.text()


# ---- the pager ----

ROWS = "select 'row ' || n as r from generate_series(1, 500) n;"


@pytest.mark.parametrize("pager", ["less", "more"])
def test_a_resize_inside_the_pager(env, pager):
    with start({**env, "PAGER": pager, "LESS": ""}) as term:
        term.wait_for_line(PROMPT)
        term.line(ROWS)
        term.wait_for("row 9")
        resize(term, 30, 50)
        os.kill(term.child.pid, signal.SIGWINCH)
        # less forgets a key that comes with the signal: pressed until it turns
        # the page
        term.wait_until(lambda: " row 1\n" not in term.text() or
                        term.send(" "), "the page does not turn")
        term.send("q")
        term.wait_for_line(PROMPT)
        term.line("\\pset pager off")
        term.wait_for("Pager usage is off.")
        term.line("\\pset format wrapped")
        term.wait_for("Output format is wrapped.")
        term.line("select repeat('word ', 20) as w;")
        term.wait_for("(1 row)")
        widest = max(len(line) for line in term.lines() if "word word" in line)
        assert widest <= 50


DEATHS = {
    "at once": "true",
    "with an error": "exit 3",
    "after a line": "head -1",
    "by a signal": "kill -9 $$",
    "not found": "/nonexistent/pager",
    "amid the rows": "head -c 100 >/dev/null; kill -15 $$",
}


@pytest.mark.parametrize("how", DEATHS)
@pytest.mark.parametrize("rows", [500, 500000])
def test_a_pager_that_dies(env, how, rows):
    with start({**env, "PAGER": DEATHS[how]}) as term:
        term.wait_for_line(PROMPT)
        term.line(ROWS.replace("500", str(rows)))
        term.wait_for_line(PROMPT)
        term.line("select 'still ' || 'here' as x \\g (format=unaligned)")
        term.wait_for("still here")
        assert echoes(term)


def test_ctrl_c_inside_the_pager_is_the_pagers(env):
    with start({**env, "PAGER": "less", "LESS": ""}) as term:
        term.wait_for_line(PROMPT)
        term.line(ROWS)
        term.wait_for("row 9")
        term.send(CTRL_C)

        def turned():
            # less drops what was typed before it saw Ctrl-C.
            if "row 1\n" not in term.text():
                return True
            term.send(" ")
            return False
        term.wait_until(turned, "the pager has gone or does not turn")
        assert re.search(r"row \d\d", term.text())
        term.send("q")
        term.wait_for_line(PROMPT)


# ---- the terminal goes, somebody ends the program ----

@pytest.mark.parametrize("which", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("when", ["at the prompt", "in a query",
                                  "at a password", "in the pager"])
def test_signals_that_end(env, which, when):
    with start({**env, "PAGER": "less", "LESS": ""}) as term:
        term.wait_for_line(PROMPT)
        if when == "in a query":
            term.line("\\echo now \\\\ select pg_sleep(600);")
            term.wait_for_pattern("^now$")
        elif when == "at a password":
            term.line("\\password")
            term.wait_for("Enter new password")
        elif when == "in the pager":
            term.line(ROWS)
            term.wait_for("row 9")
        os.kill(term.child.pid, getattr(signal, which))
        if when == "in the pager":
            term.send("q")
        term.wait_for_end()
        if when != "at the prompt":
            assert term.child.signalstatus == getattr(signal, which)
        assert b"Sanitizer" not in term.raw
