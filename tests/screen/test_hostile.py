"""A server's words at a terminal: errors, notices, names of columns, tags,
settings and notifications give the terminal no orders; a pipe gets them as
they are."""

import os
import struct
import sys

import pytest

from terminal import REDSH, Terminal, environment

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))
from replay_server import (READY, Replay, columns, fields,  # noqa: E402
                           message, parameter, row, tag)

ORDERS = {
    "an escape sequence": "x\x1b[31mred",
    "a window title": "\x1b]0;owned\x07",
    "the clipboard": "\x1b]52;c;cm0gLXJm\x1b\\",
    "a device's question": "\x1b[6n\x1bZ\x05",
    "C1 controls": "a\u009b31mb\u0090q\u009c",
    "bidirectional overrides": "a\u202eb\u2066c\u200f",
    "a backspace": "good\x08\x08\x08\x08evil",
    "a return": "good\revil",
}


def error(kind, **values):
    return fields(kind, S="ERROR" if kind == b"E" else "NOTICE",
                  V="ERROR" if kind == b"E" else "NOTICE", C="22012",
                  **values)


def notification(channel, payload):
    return message(b"A", struct.pack("!I", 7) + channel.encode() + b"\0" +
                   payload.encode() + b"\0")


ANSWERS = {
    "an error": lambda text: error(b"E", M=text) + READY,
    "an error's fields": lambda text: error(
        b"E", M="failed", D=text, H=text, W=text, q=text, p="2", s=text,
        t=text, c=text, d=text, n=text, F=text, L="1", R=text) + READY,
    "a notice": lambda text: error(b"N", M=text, D=text, H=text) + tag("A") +
                             READY,
    "a notice among rows": lambda text: (
        columns("a") + row("1") * 3 + error(b"N", M=text, D=text) + row("2") +
        tag("SELECT 4") + READY),
    "a column's name": lambda text: (columns(text) + row("1") +
                                     tag("SELECT 1") + READY),
    "a tag": lambda text: tag(text) + READY,
    "a severity": lambda text: fields(b"E", S=text, V=text, C=text[:5],
                                      M="m") + READY,
    "a notification": lambda text: notification(text, text) + tag("A") + READY,
    "a value": lambda text: (columns("a") + row(text) + tag("SELECT 1") +
                             READY),
}


def start(server, tmp_path, *args, **more):
    env = environment(tmp_path, PGHOST=str(server.host), PGUSER="tester",
                      PGDATABASE="test", PGPORT=str(server.port), **more)
    return Terminal([REDSH, "-X", *args], env, rows=50)


def orders_in(raw, text):
    """Parts of text that a terminal would obey and that reached it."""
    sent = raw.decode(errors="replace")
    bad = [c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or
           0x200e <= ord(c) <= 0x2069]
    if "\x1b" not in text and "\r" not in text and "\x08" not in text:
        return [c for c in bad if c in sent]
    # The shell itself uses escapes: the whole of the server's is looked for.
    return [text] if text in sent or text.replace("\r", "\r\r") in sent else []


@pytest.fixture
def served():
    running = []

    def serve(*answers):
        running.append(Replay(list(answers)))
        return running[-1]
    yield serve
    for server in running:
        server.stop()


@pytest.mark.parametrize("verbosity", ["default", "verbose"])
@pytest.mark.parametrize("what", ORDERS)
@pytest.mark.parametrize("where", ANSWERS)
def test_the_terminal_gets_no_orders(served, tmp_path, where, what, verbosity):
    text = ORDERS[what]
    server = served(ANSWERS[where](text), tag("LAST") + READY)
    with start(server, tmp_path, "-v", f"VERBOSITY={verbosity}") as term:
        term.wait_for_line("test=>")
        term.line("select one, two;")
        term.line("select last;")
        term.wait_for("LAST")
        term.line("\\errverbose")
        term.line("\\echo done")
        term.wait_for("\ndone")
        assert orders_in(term.raw, text) == []


@pytest.mark.parametrize("what", ["an escape sequence", "C1 controls"])
def test_the_prompt_gives_no_orders(served, tmp_path, what):
    text = ORDERS[what]
    server = served(parameter("session_authorization", text) + tag("A") +
                    READY)
    with start(server, tmp_path, "-v", "PROMPT1=<%n> ") as term:
        term.wait_for_line("<tester>")
        term.line("select 1;")
        term.wait_for("A\n")
        term.wait_for_pattern(r"^<[^t].*>$")
        assert orders_in(term.raw, text) == []


def test_a_refused_login_gives_no_orders(served, tmp_path):
    class Refusing(Replay):
        def greet(self, peer):
            peer.sendall(error(b"E", M=ORDERS["a window title"]))
            raise ConnectionError("refused")
    server = Refusing([])
    try:
        with start(server, tmp_path) as term:
            term.wait_for_pattern(r"owned")
            assert orders_in(term.raw, ORDERS["a window title"]) == []
    finally:
        server.stop()
