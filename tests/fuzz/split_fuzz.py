"""Cuts, mutates and puts together pieces of scripts, and compares what two
shells send to a server for them."""

import os
import pathlib
import random
import re
import subprocess
import tempfile

from recorder import Recorder

TESTS = pathlib.Path(__file__).resolve().parent.parent
PSQL = os.environ.get("PSQL", "/usr/lib/postgresql/15/bin/psql")
SEEDS = ("tests/cases/psql/**/*.sql", "tests/cases/dialect/*.sql",
         "share/demo/*.sql")
LONGEST = 700
SECONDS = 120

WORDS = ("'", "''", '"', '""', "$$", "$a$", "$", "/*", "*/", "--", "\n",
         "\r\n", "\n\n", ";", "\\;", "\\:", "(", ")", ":", "::", ":x", ":'x'",
         ':"x"', ":{?x}", ":semi", ":quote", ":{?", "}", "\\", "\\\\", "E'",
         "U&'", 'U&"', "B'", "x'", "N'", "\\'", "create ", " function ",
         " procedure ", " or replace ", " begin ", " end ", " case ",
         " atomic ", "\\g ", "\\r ", "\\p ", "\\q\n", "\\if true\n",
         "\\if false\n", "\\else\n", "\\elif 1\n", "\\endif\n", "\\echo ",
         "\\set x ", "\\zz ", "\t", " ", "\v", "\f", "é", "漢", "1", "e", ".",
         "*", "/", "-", "+", "<", "|", "\\.\n", "[", "]", "\ufeff")

# Commands that touch neither files nor catalogs and are the same in both;
# one letter alone is also what an escape in a literal looks like. (Not \warn:
# psql writes its words before it has read the last of them.)
COMMANDS = {"g", "gx", "r", "p", "q", "if", "elif", "else", "endif", "echo",
            "qecho", "set", "unset", "gset", "gexec", "zz", "x", "t",
            "n", "reset", "quit", "print"}
COMMAND = re.compile(r"\\([A-Za-z_!?]+)")
WRITES = re.compile(r"(?<=\\g)[^\n]*")

# redsh has formats and variables of its own.
MORE_IN_REDSH = re.compile(rb"(?<=allowed formats are ).*|"
                           rb"^WATCH_INTERVAL = '2'\n", re.M)


def harmless(text):
    """The text without commands that would do something to this machine."""
    text = text.replace("`", "'").replace("\0", " ")
    # psql 15 declares cursors for it, redsh does not.
    text = text.replace("FETCH_COUNT", "FETCH_SOME")
    # What begins a block is not what psql thinks, but what Redshift does.
    text = text.replace("AUTOCOMMIT", "AUTO_COMMIT")
    text = COMMAND.sub(
        lambda m: m[0] if m[1] in COMMANDS else "\\zz" + m[1][1:], text)
    # \g writes to a file or a command.
    return WRITES.sub(lambda m: re.sub(r"[/|!~.]", "_", m[0]), text)


def hard_pieces():
    hard = (TESTS / "fuzz/hard.txt").read_bytes().decode()
    return hard.split("%%\n")


def pieces():
    """What texts are made of: whole seeds, in an order that stays."""
    found = hard_pieces() * 3
    for pattern in SEEDS:
        for path in sorted(TESTS.parent.glob(pattern)):
            found.append(path.read_bytes().decode(errors="ignore"))
    return found


class Maker:
    """Texts in an order that the seed decides."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pieces = pieces()

    def cut(self, text, longest):
        size = self.random.randint(1, longest)
        at = self.random.randrange(max(1, len(text) - size + 1))
        return text[at:at + size]

    def piece(self):
        text = self.random.choice(self.pieces)
        if len(text) > 300 or self.random.random() < 0.3:
            text = self.cut(text, 120)
        return text

    def mutate(self, text):
        choose = self.random
        at = choose.randrange(len(text) + 1)
        to = min(len(text), at + choose.randint(1, 12))
        match choose.randrange(6):
            case 0:
                return text[:at] + text[to:]
            case 1 | 2:
                return text[:at] + choose.choice(WORDS) + text[at:]
            case 3:
                return text[:at] + choose.choice(WORDS) + text[to:]
            case 4:
                return text[:at] + text[at:to] * 2 + text[to:]
            case _:
                return text[:at] + self.cut(self.piece(), 10) + text[at:]

    def text(self):
        choose = self.random
        parts = []
        for _ in range(choose.randint(1, 4)):
            parts.append(self.piece())
            parts.append(choose.choice(WORDS) if choose.random() < 0.3
                         else choose.choice(("", "\n", " ")))
        text = "".join(parts)
        for _ in range(choose.randrange(9)):
            text = self.mutate(text)
        return harmless(text[:LONGEST])

# \\set alone shows the versions of the programs.
SAME = ("-X", "-v", "VERSION=1", "-v", "VERSION_NAME=1", "-v", "VERSION_NUM=1")


def messages(stderr):
    """psql tells of an open quote when it gets to that word, redsh before
    it does anything: where there is one, the order is left out."""
    stderr = MORE_IN_REDSH.sub(b"", stderr)
    if b"unterminated quoted string" in stderr:
        stderr = b"".join(sorted(stderr.splitlines(True)))
    return stderr


class Shell:
    """A program under test; always called psql, as its messages begin with
    its name."""

    def __init__(self, folder, name, program):
        self.program = folder / name / "psql"
        self.program.parent.mkdir()
        self.program.symlink_to(program)
        self.work = folder / (name + ".work")
        self.work.mkdir()

    def run(self, server, args, stdin=b""):
        """Queries, exit code, stdout and stderr; one at a time."""
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                       "HOME": str(self.work), "PGUSER": "tester",
                       "PGDATABASE": "fuzz", "PGHOST": str(server.dir),
                       "PAGER": "cat"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE"):
            if name in os.environ:
                environment[name] = os.environ[name]
        server.queries.clear()
        done = subprocess.run([self.program, *SAME, *args], input=stdin,
                              env=environment, cwd=self.work,
                              capture_output=True, timeout=SECONDS,
                              check=False)
        return (list(server.queries), done.returncode,
                MORE_IN_REDSH.sub(b"", done.stdout),
                messages(done.stderr))


ASPECTS = ("queries", "exit code", "stdout", "stderr")


def differences(one, other):
    return [aspect for aspect, a, b in zip(ASPECTS, one, other) if a != b]


class Pair:
    """psql and redsh before two servers, one for each string mode."""

    def __init__(self, redsh):
        self.hold = tempfile.TemporaryDirectory(prefix="rsf", dir="/tmp")
        self.folder = pathlib.Path(self.hold.name)
        self.psql = Shell(self.folder, "reference", PSQL)
        self.redsh = Shell(self.folder, "tested", redsh)
        self.servers = {mode: Recorder(mode) for mode in ("on", "off")}

    def stop(self):
        for server in self.servers.values():
            server.stop()
        self.hold.cleanup()

    def files(self, texts):
        """Arguments that run each text as a script of its own."""
        args = []
        for number, text in enumerate(texts):
            path = self.folder / f"{number}.sql"
            path.write_bytes(text.encode())
            args += ["-f", path, "-c", f"text {number} ended"]
        return args

    def compare(self, texts, mode):
        """Aspects in which the programs differ, and what they did."""
        args = self.files(texts)
        server = self.servers[mode]
        one = self.psql.run(server, args)
        other = self.redsh.run(server, args)
        return differences(one, other), one, other

    def compare_feeds(self, text, mode):
        """redsh alone: a script is the same in whatever way it comes in."""
        server = self.servers[mode]
        path = self.folder / "feed.sql"
        path.write_bytes(text.encode())
        asked = [self.redsh.run(server, ["-f", path]),
                 self.redsh.run(server, [], text.encode()),
                 self.redsh.run(server, ["-a"], text.encode())]
        return [way for way, did in zip(("stdin", "-a"), asked[1:])
                if did[0] != asked[0][0] or did[1] != asked[0][1]], asked

    def smallest(self, text, mode):
        """The text with all taken out that the difference does not need."""
        size = len(text) // 2
        while size > 0:
            at = 0
            while at < len(text):
                less = text[:at] + text[at + size:]
                if harmless(less) == less and self.compare([less], mode)[0]:
                    text = less
                else:
                    at += size
            size //= 2
        return text


def tell(text, mode, found, one, other, say):
    say(f"standard_conforming_strings {mode}: {', '.join(found)} differ")
    say(f"  text:  {text!r}")
    for aspect, a, b in zip(ASPECTS, one, other):
        if aspect in found:
            say(f"  {aspect} of psql:  {a!r}")
            say(f"  {aspect} of redsh: {b!r}")


def run(pair, maker, count, together, say):
    """Compares count texts in both modes; how many differed."""
    bad = 0
    for start in range(0, count, together):
        texts = [maker.text() for _ in range(min(together, count - start))]
        for mode in ("on", "off"):
            if not pair.compare(texts, mode)[0]:
                continue
            alone = [text for text in texts if pair.compare([text], mode)[0]]
            for text in alone:
                bad += 1
                text = pair.smallest(text, mode)
                tell(text, mode, *pair.compare([text], mode), say)
            if not alone:
                # One text changes what the next finds.
                bad += 1
                for text in texts[:]:
                    less = [one for one in texts if one is not text]
                    if pair.compare(less, mode)[0]:
                        texts = less
                tell(texts, mode, *pair.compare(texts, mode), say)
        ways, asked = pair.compare_feeds(texts[0], "on")
        if ways:
            bad += 1
            say(f"redsh: -f and {' and '.join(ways)} differ: {texts[0]!r}")
            say(f"  {[did[:2] for did in asked]!r}")
    return bad
