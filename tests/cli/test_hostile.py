"""A server that means harm or is broken: answers cut at every byte, lengths
and counts that are wrong, messages out of their order, storms of them. redsh
says what is wrong and ends, as psql does; it never crashes, hangs, or takes
what a claimed length asks for."""

import concurrent.futures
import os
import resource
import struct
import subprocess

import pytest

from private_postgres import BIN, psql_minor
from replay_server import (READY, Replay, columns, fields, message, parameter,
                           row, tag)

PSQL = os.environ.get("PSQL", str(BIN / "psql"))
SECONDS = 120
LANES = 3

HEAD = columns("id", "words")
ROWS = row("1", "one") + row("2", None)
ERROR = fields(b"E", S="ERROR", V="ERROR", C="22012", M="division by zero",
               D="more", H="do not", P="2")
NOTICE = fields(b"N", S="NOTICE", V="NOTICE", C="00000", M="look")
COPY_IN = message(b"G", b"\0\0\2\0\0\0\0")
COPY_OUT = message(b"H", b"\0\0\2\0\0\0\0")
COPY_BOTH = message(b"W", b"\0\0\0")
DATA = message(b"d", b"1\tone\n")
DONE = message(b"c")


class Hostile(Replay):
    """Closes the connection behind its last answer, whatever that was."""

    def send(self, peer, answer):
        super().send(peer, answer)
        if answer == self.answers[-1]:
            raise ConnectionError("enough")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    link = tmp_path_factory.mktemp("bin") / "psql"
    link.symlink_to(os.path.abspath(os.environ["REDSH"]))
    return str(link)


def run(program, server, args=("-A",), stdin=b"one;\ntwo;\n"):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                   "HOME": "/nonexistent", "PGUSER": "tester",
                   "PGDATABASE": "test", "PGHOST": server.host,
                   "PGPORT": str(server.port), "PAGER": "cat",
                   "PGSSLMODE": "disable"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE"):
        if name in os.environ:
            environment[name] = os.environ[name]
    done = subprocess.run([program, "-X", *args], input=stdin, env=environment,
                          capture_output=True, timeout=SECONDS, check=False)
    return done.returncode, done.stdout, done.stderr


def ask(program, answers, *args, **options):
    server = Hostile(answers)
    try:
        return run(program, server, *args, **options)
    finally:
        server.stop()


def check(did):
    """It ended by itself, and said why when not well."""
    code, _, told = did
    assert code in (0, 1, 2, 3), (code, told)
    assert b"Sanitizer" not in told and b"runtime error" not in told, told
    assert code == 0 or told.strip()


def both(ours, answers, *args, **options):
    did = ask(ours, answers, *args, **options)
    check(did)
    assert did == ask(PSQL, answers, *args, **options)
    return did


def many(ours, every, *args, **options):
    """both() for each list of answers; the names of those that differ."""
    def one(name):
        try:
            both(ours, every[name], *args, **options)
        except AssertionError as why:
            return f"{name}: {why}"
        return None
    with concurrent.futures.ThreadPoolExecutor(LANES) as pool:
        return [told for told in pool.map(one, every) if told]


# ---- cut ----

WHOLE = {
    "rows": HEAD + ROWS + tag("SELECT 2") + READY,
    "a notice, a setting, an error": (
        NOTICE + parameter("TimeZone", "UTC") + HEAD + ROWS + NOTICE + ERROR +
        READY),
    "two results": tag("SET") + HEAD + row("1", "x") + tag("SELECT 1") + READY,
    "data": COPY_OUT + DATA * 2 + DONE + tag("COPY 2") + READY,
    "nothing": message(b"I") + READY,
}


@pytest.mark.parametrize("what", WHOLE)
def test_an_answer_cut_at_every_byte(ours, what):
    whole = WHOLE[what]
    assert not many(ours, {f"{size} bytes": [whole[:size]]
                           for size in range(len(whole))})


# ---- wrong ----

def described(count, names):
    """A RowDescription that claims count columns."""
    one = columns("c")[7:]
    return message(b"T", struct.pack("!H", count) + one * names)


LIES = {
    "a message of no length": b"D\0\0\0\0",
    "a length below four": b"C\0\0\0\3",
    "a negative length": b"E\xff\xff\xff\xff",
    "a notice of a gigabyte": b"N\x40\0\0\0S",
    "a row of a gigabyte": HEAD + b"D\x40\0\0\0\0\2",
    "a tag of a gigabyte": b"C\x40\0\0\0SEL",
    "columns of a gigabyte": b"T\x40\0\0\0\0\2",
    "fewer values than columns": HEAD + row("1") + tag("SELECT 1") + READY,
    "more values than columns": (HEAD + row("1", "2", "3") + tag("SELECT 1") +
                                 READY),
    "a value of negative length": (
        HEAD + message(b"D", struct.pack("!Hii", 2, -2, -1)) +
        tag("SELECT 1") + READY),
    "a value of a gigabyte": (
        HEAD + message(b"D", struct.pack("!Hii", 2, 1 << 30, -1)) +
        tag("SELECT 1") + READY),
    "65535 columns": described(65535, 65535) + tag("SELECT 0") + READY,
    "65535 columns claimed, one there": (described(65535, 1) +
                                         tag("SELECT 0") + READY),
    "a tag without its end": message(b"C", b"SELECT 1") + READY,
    "a long tag": tag("SELECT " + "9" * 5000) + READY,
    "half a tag": tag("INSERT 0") + READY,
    "an empty error": message(b"E", b"\0") + READY,
    "an error without its end": message(b"E", b"MHello\0") + READY,
    "an error's text without its end": message(b"E", b"MHello") + READY,
    "an error with a place beyond all": (
        fields(b"E", S="ERROR", C="42601", M="here", P="4000000000") + READY),
    "an error with a place below": (
        fields(b"E", S="ERROR", C="42601", M="here", P="-7") + READY),
    "an error inside a query that is none": (
        fields(b"E", S="ERROR", C="42601", M="here", p="9", q="") + READY),
    "a setting without its end": message(b"S", b"abc") + READY,
    "an encoding nobody has": (parameter("client_encoding", "NOSUCH") +
                               tag("OK") + READY),
    "a version beyond all": (parameter("server_version", "9" * 40 + ".x") +
                             tag("OK") + READY),
    "no version": parameter("server_version", "") + tag("OK") + READY,
    "a status nobody has": tag("OK") + message(b"Z", b"?"),
    "a status of four bytes": tag("OK") + message(b"Z", b"IIII"),
    "a notification without its end": (
        message(b"A", struct.pack("!I", 5) + b"chan") + tag("OK") + READY),
}
DISORDER = {
    "ready and nothing else": READY,
    "no ready": HEAD + ROWS + tag("SELECT 2"),
    "an error and no ready": ERROR,
    "rows without columns": row("1", "2") + tag("SELECT 1") + READY,
    "columns twice": HEAD * 2 + ROWS + tag("SELECT 2") + READY,
    "columns among rows": HEAD + ROWS + HEAD + ROWS + tag("SELECT 2") + READY,
    "rows behind an error": (HEAD + ROWS + ERROR + ROWS + tag("SELECT 2") +
                             READY),
    "data without COPY": DATA + tag("SELECT 1") + READY,
    "data without their end": COPY_OUT + DATA,
    "an error among data": COPY_OUT + DATA + ERROR + READY,
    "a wish for data": COPY_IN,
    "a wish for data and no wait": COPY_IN + tag("COPY 0") + READY,
    "a wish for data of impossible columns": message(b"G", b"\0\xff\xff"),
    "a wish for data among rows": HEAD + ROWS + tag("SELECT 2") + COPY_IN,
    "a wish for a password": (message(b"R", struct.pack("!I", 3)) +
                              tag("OK") + READY),
    "a key": message(b"K", struct.pack("!II", 1, 2)) + tag("OK") + READY,
    "a message nobody has": message(b"?") + tag("OK") + READY,
    "a portal that waits": message(b"s") + tag("OK") + READY,
    "a function's result": message(b"V", b"\0\0\0\1x") + tag("OK") + READY,
    "another protocol": (message(b"v", struct.pack("!II", 0, 1) + b"x\0") +
                         tag("OK") + READY),
}
STORMS = {
    "settings": parameter("a", "b") * 20000 + tag("OK") + READY,
    "notices": NOTICE * 3000 + tag("OK") + READY,
    "notices among rows": HEAD + (ROWS + NOTICE) * 1000 + tag("OK") + READY,
    "results": tag("SET") * 5000 + READY,
    "columns": HEAD * 2000 + tag("SELECT 0") + READY,
    "notifications": message(b"A", struct.pack("!I", 5) + b"chan\0pay\0") * 500
                     + tag("OK") + READY,
}


@pytest.mark.parametrize("args", [("-A",), ("-x",)], ids=["table", "records"])
@pytest.mark.parametrize("kind", ["LIES", "DISORDER", "STORMS"])
def test_nonsense_is_told_as_psql_does(ours, kind, args):
    # psql before 15.19 gives what it reads to whoever wishes for it.
    every = {name: [answer] for name, answer in globals()[kind].items()
             if psql_minor() >= 19 or not name.startswith("a wish for data")}
    assert not many(ours, every, args, stdin=b"one;\n")


def test_the_next_statement_runs_where_the_answer_was_whole(ours):
    for answer in (message(b"E", b"\0") + READY, READY * 2 + tag("A") + READY,
                   tag("A") + READY * 2, NOTICE + tag("A") + READY):
        code, out, _ = both(ours, [answer, tag("SECOND") + READY])
        assert code == 0 and b"SECOND\n" in out


def test_copy_in_both_directions_ends_the_connection(ours, monkeypatch):
    """psql goes on as if nothing was; what comes then is anyone's guess.
    libpq itself forgets the rows that COPY overtakes."""
    options = os.environ.get("ASAN_OPTIONS", "")
    monkeypatch.setenv("ASAN_OPTIONS", options + ":detect_leaks=0")
    for answer in (COPY_BOTH, HEAD + ROWS + COPY_BOTH,
                   HEAD + ROWS + COPY_OUT + DATA + DONE + READY):
        did = ask(ours, [answer])
        check(did)
        assert did[0] == 2
        assert b"no PostgreSQL protocol; the connection is closed\n" in did[2]


def test_data_asked_for_unasked_is_never_read(ours):
    server = Hostile([tag("A") + READY, COPY_IN])
    did = run(ours, server, ("-A",), b"one;\ntwo;\nsecret\n\\.\n")
    server.stop()
    check(did)
    assert did[0] == 2
    assert did[2] == b"unexpected COPY_IN result, aborting connection\n"
    assert server.queries == ["one;", "two;"]


def test_claimed_lengths_take_no_memory(ours):
    """Less address space is there than the lengths ask for."""
    with open(os.path.realpath(ours), "rb") as program:
        if b"__asan_init" in program.read():
            pytest.skip("sanitizers reserve terabytes")

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
    for name in ("a notice of a gigabyte", "a row of a gigabyte",
                 "a tag of a gigabyte", "columns of a gigabyte"):
        server = Hostile([LIES[name]])
        done = subprocess.run(
            [ours, "-X", "-h", server.host, "-U", "tester", "test"],
            input=b"one;\n", capture_output=True, timeout=SECONDS,
            preexec_fn=limit, check=False)
        server.stop()
        check((done.returncode, done.stdout, done.stderr))
        assert done.returncode == 2


# ---- orders for a terminal ----

ORDERS = ("x\x1b[31mred", "\x1b]0;owned\x07", "a\u009b31mb", "a\u202eb",
          "good\x08\x08evil", "good\revil")


def test_pipes_get_all_as_it_is(ours):
    every = {}
    for text in ORDERS:
        told = {"M": text, "D": text, "H": text, "W": text, "q": text,
                "p": "2", "s": text, "c": text, "C": "22012"}
        every["an error " + repr(text)] = [fields(b"E", S="ERROR", **told) +
                                           READY]
        every["a notice " + repr(text)] = [fields(b"N", S="NOTICE", **told) +
                                           tag("A") + READY]
        every["a column " + repr(text)] = [columns(text) + row(text) +
                                           tag("SELECT 1") + READY]
        every["a tag " + repr(text)] = [tag(text) + READY]
        every["news " + repr(text)] = [
            message(b"A", struct.pack("!I", 7) + text.encode() + b"\0" +
                    text.encode() + b"\0") + tag("A") + READY]
    for args in (("-A",), ("-v", "VERBOSITY=verbose", "--csv")):
        assert not many(ours, every, args, stdin=b"select one, two;\n")
