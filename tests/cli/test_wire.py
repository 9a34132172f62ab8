"""Rows taken off the socket (src/db/wire.h) against packaged psql: whatever
the server sends between and behind rows, in whatever pieces, both print the
same."""

import os
import subprocess

import pytest

from private_postgres import BIN
from replay_server import (READY, Replay, columns, fields, message, parameter,
                           row, tag)

PSQL = os.environ.get("PSQL", str(BIN / "psql"))
ROWS = [row(str(i), None if i % 3 else f"text {i}", "" if i % 2 else "ä漢")
        for i in range(1200)]
HEAD = columns("id", "words", "last")
END = tag("SELECT 1200") + READY
NOTICE = {"S": "NOTICE", "V": "NOTICE", "C": "01000", "M": "half way",
          "D": "row 600", "H": "go on", "q": "select inside",
          "W": "PL/pgSQL function f()\nline 2", "s": "sch", "t": "tab",
          "c": "col", "d": "typ", "n": "con", "F": "a.c", "L": "12",
          "R": "raise"}


def middle(*extra):
    return HEAD + b"".join(ROWS[:600] + list(extra) + ROWS[600:]) + END


def run(program, server, args, stdin):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                   "HOME": "/nonexistent", "PGUSER": "tester",
                   "PGDATABASE": "test", "PGHOST": server.host,
                   "PGPORT": str(server.port), "PAGER": "cat",
                   "PGSSLMODE": "require" if server.context else "disable"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE"):
        if name in os.environ:
            environment[name] = os.environ[name]
    done = subprocess.run([program, "-X", *args], input=stdin, env=environment,
                          capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    link = tmp_path_factory.mktemp("bin") / "psql"
    link.symlink_to(os.path.abspath(os.environ["REDSH"]))
    return str(link)


def both(ours, answers, args=("-A",), stdin=b"one;\ntwo;\n", **options):
    results = []
    for program in (PSQL, ours):
        server = Replay(answers, **options)
        try:
            results.append(run(program, server, args, stdin))
        finally:
            server.stop()
    assert results[1] == results[0]
    return results[1]


PIECES = {
    "whole": (1 << 20,),
    "by bytes at first": (1,) * 400 + (5000,),
    "threes": (3,) * 3000 + (7, 4096),
    "odd": (1000, 1, 4, 5, 6, 999, 16384),
}


@pytest.mark.parametrize("pieces", PIECES)
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_pieces(ours, pieces, tls):
    code, out, _ = both(ours, [middle(), tag("BEGIN") + READY],
                        pieces=PIECES[pieces], tls=tls)
    assert code == 0 and out.count(b"\n") == 1200 + 3


@pytest.mark.parametrize("verbosity",
                         ["default", "verbose", "terse", "sqlstate"])
@pytest.mark.parametrize("context", ["never", "always"])
def test_notice_between_rows(ours, verbosity, context):
    both(ours, [middle(fields(b"N", **NOTICE))],
         ["-v", f"VERBOSITY={verbosity}", "-v", f"SHOW_CONTEXT={context}"])


LONG = "select '" + "ä漢\t" * 40 + "'"
PLACES = {
    "in the inner query": {"q": "select\n\tinner from here", "p": "17"},
    "at the inner query's end": {"q": "select", "p": "7"},
    "behind the inner query": {"q": "select", "p": "70"},
    "at a line's end": {"q": "one\ntwo\nthree", "p": "8"},
    "behind carriage returns": {"q": "one\r\ntwo\rthree\n", "p": "11"},
    "in a long line, early": {"q": LONG, "p": "3"},
    "in a long line, half way": {"q": LONG, "p": "50"},
    "in a long line, late": {"q": LONG, "p": "120"},
    "in the statement": {"P": "2", "q": "select", "p": "3"},
    "in no text": {"p": "3"},
    "nowhere": {"q": "select", "p": "0"},
    "below nothing": {"q": "select", "p": "-3"},
    "no number": {"q": "select", "p": "x"},
}


@pytest.mark.parametrize("verbosity", ["default", "terse", "sqlstate"])
@pytest.mark.parametrize("place", PLACES)
def test_notice_between_rows_with_a_place(ours, place, verbosity):
    told = {"S": "WARNING", "C": "22P06", "M": "look", **PLACES[place]}
    both(ours, [middle(fields(b"N", **told))],
         ["-v", f"VERBOSITY={verbosity}"])


def test_parameter_between_rows(ours):
    """The splitter must follow it: a backslash hides the quote."""
    answers = [middle(parameter("standard_conforming_strings", "off")),
               middle(), middle()]
    for program in (PSQL, ours):
        server = Replay(answers)
        run(program, server, [], b"one;\nselect 'a\\';b';\nthree;\n")
        assert server.queries == ["one", "select 'a\\';b'", "three"] or \
            server.queries == ["one;", "select 'a\\';b';", "three;"]
        server.stop()


ERROR = fields(b"E", S="ERROR", V="ERROR", C="22012", M="division by zero",
               P="2")
ENDS = {
    "an error behind rows": HEAD + b"".join(ROWS) + ERROR + READY,
    "an error behind more than is held": HEAD + b"".join(ROWS * 40) + ERROR +
                                         READY,
    "a change's tag": HEAD + b"".join(ROWS) + tag("INSERT 0 1200") + READY,
    "a second result": HEAD + b"".join(ROWS) + tag("SELECT 1200") + HEAD +
                       b"".join(ROWS) + END,
    "a large value": columns("a") + row(b"x" * 3_000_000) +
                     tag("SELECT 1") + READY,
    "rows without columns": columns() + row() * 9000 + tag("SELECT 9000") +
                            READY,
    "many columns": columns(*[f"c{i}" for i in range(1600)]) +
                    row(*["v"] * 1600) * 30 + tag("SELECT 30") + READY,
    "a lost connection": HEAD + b"".join(ROWS),
    "a lost connection in a row": HEAD + b"".join(ROWS)[:-7],
}


@pytest.mark.parametrize("args", [("-A",), (), ("-x",)],
                         ids=["unaligned", "aligned", "expanded"])
@pytest.mark.parametrize("end", ENDS)
def test_end(ours, end, args):
    if end == "an error behind more than is held" and args == ("-A",):
        pytest.skip("psql holds all rows: a listed difference")
    both(ours, [ENDS[end], tag("BEGIN") + READY], args)


NONSENSE = {
    "a count of values that is not the columns'": row("a"),
    "a value longer than its row": message(
        b"D", b"\0\3" + b"\0\0\1\0" + b"abc"),
    "a row too short for its count": message(b"D", b"\0"),
    "bytes behind the values": message(b"D", ROWS[0][5:] + b"xx"),
    "a length below four": b"D\0\0\0\1",
    "a notice of a length below four": b"N\0\0\0\0",
    "a length of two gigabytes": b"D\xff\xff\xff\xff",
}


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_ends_the_connection(ours, what):
    server = Replay([middle(NONSENSE[what])])
    code, _, errors = run(ours, server, ["-A"], b"one;\ntwo;\n")
    server.stop()
    assert code == 2
    assert errors.strip(), "it says so"


def test_columns_that_are_nonsense(ours):
    for body in (b"\0\5", b"", b"\0\1name", b"\0\1name\0" + b"\0" * 17):
        server = Replay([message(b"T", body) + b"".join(ROWS) + END])
        code, _, errors = run(ours, server, ["-A"], b"one;\n")
        server.stop()
        assert code == 2 and errors.strip()


def test_unknown_message_is_told_in_libpqs_words(ours):
    server = Replay([middle(message(b"?", b"what"))])
    _, _, errors = run(ours, server, ["-A"], b"one;\n")
    server.stop()
    assert b'unexpected response from server; first received character ' \
        b'was "?"' in errors
