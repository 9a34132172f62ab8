"""Compares what two shells send to a server for a text, and what they say."""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import tempfile

from recorder import Recorder
from texts import encoded, harmless

PSQL = os.environ.get("PSQL", "/usr/lib/postgresql/15/bin/psql")
SECONDS = 120
MODES = ("on", "off")

# redsh has formats and variables of its own.
MORE_IN_REDSH = re.compile(rb"(?<=allowed formats are ).*|"
                           rb"^WATCH_INTERVAL = '2'\n", re.M)
# \\set alone shows the versions of the programs.
SAME = ("-X", "-v", "VERSION=1", "-v", "VERSION_NAME=1", "-v", "VERSION_NUM=1")
ASPECTS = ("queries", "exit code", "stdout", "stderr")


AGAIN = re.compile(rb"^(?:psql:\S+?:\d+: )?(?:warning: skipping recursive "
                   rb"expansion .*|(?:invalid|incomplete) multibyte "
                   rb"character)\n", re.M)


def messages(stderr):
    """psql tells of an open quote when it gets to that word, redsh before
    it does anything: where there is one, the order is left out. psql 15.20
    reads what \\g sends once more, and tells of its variables again: a test
    of its own looks at these."""
    stderr = AGAIN.sub(b"", MORE_IN_REDSH.sub(b"", stderr))
    if b"unterminated quoted string" in stderr:
        stderr = b"".join(sorted(stderr.splitlines(True)))
    return stderr


class Shell:
    """A program under test; always called psql, as its messages begin with
    its name. It has servers of its own, one for each string mode."""

    def __init__(self, folder, name, program):
        self.program = folder / name / "psql"
        self.program.parent.mkdir()
        self.program.symlink_to(program)
        self.work = folder / (name + ".work")
        self.work.mkdir()
        self.servers = {mode: Recorder(mode) for mode in MODES}
        self.environment = {
            "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
            "HOME": str(self.work), "PGUSER": "tester", "PGDATABASE": "fuzz",
            "PAGER": "cat",
            **{name: os.environ[name]
               for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
               if name in os.environ}}

    def run(self, mode, args, stdin=b""):
        """Queries, exit code, stdout and stderr."""
        server = self.servers[mode]
        host = str(server.dir)
        server.queries.clear()
        done = subprocess.run([self.program, *SAME, *args], input=stdin,
                              env={**self.environment, "PGHOST": host},
                              cwd=self.work, capture_output=True,
                              timeout=SECONDS, check=False)
        stdout = done.stdout.replace(host.encode(), b"HOST")
        return (list(server.queries), done.returncode,
                MORE_IN_REDSH.sub(b"", stdout), messages(done.stderr),
                done.stderr)

    def stop(self):
        for server in self.servers.values():
            server.stop()


def differences(one, other):
    return [aspect for aspect, a, b in zip(ASPECTS, one, other) if a != b]


class Pair:
    """psql and redsh side by side. seen: texts that both read to the end."""

    def __init__(self, redsh):
        self.hold = tempfile.TemporaryDirectory(prefix="rsf", dir="/tmp")
        self.folder = pathlib.Path(self.hold.name)
        self.psql = Shell(self.folder, "reference", PSQL)
        self.redsh = Shell(self.folder, "tested", redsh)
        self.pool = concurrent.futures.ThreadPoolExecutor(4)
        self.seen = 0

    def stop(self):
        self.pool.shutdown()
        self.psql.stop()
        self.redsh.stop()
        self.hold.cleanup()

    def files(self, texts):
        """Arguments that run each text as a script of its own."""
        args = []
        for number, text in enumerate(texts):
            path = self.folder / f"{number}.sql"
            path.write_bytes(encoded(text))
            args += ["-f", path, "-c", f"text {number} ended"]
        return args

    def begin(self, args, mode):
        return [self.pool.submit(shell.run, mode, args)
                for shell in (self.psql, self.redsh)]

    def compare(self, texts, mode):
        """Aspects in which the programs differ, and what they did."""
        one, other = [one.result() for one in
                      self.begin(self.files(texts), mode)]
        return differences(one, other), one, other

    def compare_all(self, texts):
        """Modes in which the programs differ."""
        args = self.files(texts)
        begun = {mode: self.begin(args, mode) for mode in MODES}
        bad = []
        for mode, pair in begun.items():
            one, other = [one.result() for one in pair]
            if differences(one, other):
                bad.append(mode)
            self.seen += sum(query.startswith(b"Qtext ")
                             for query in one[0])
        return bad

    def compare_feeds(self, text, mode):
        """redsh alone: a script is the same in whatever way it comes in."""
        path = self.folder / "feed.sql"
        path.write_bytes(encoded(text))
        asked = [self.redsh.run(mode, ["-f", path]),
                 self.redsh.run(mode, [], encoded(text)),
                 self.redsh.run(mode, ["-a"], encoded(text))]
        return [way for way, did in zip(("stdin", "-a"), asked[1:])
                if did[0] != asked[0][0] or did[1] != asked[0][1]], asked

    def culprits(self, texts, mode):
        """Lists of texts, as short as they can be, that differ."""
        if not self.compare(texts, mode)[0]:
            return []
        if len(texts) == 1:
            return [texts]
        half = len(texts) // 2
        found = self.culprits(texts[:half], mode)
        found += self.culprits(texts[half:], mode)
        if found:
            return found
        # One text changes what another finds.
        for text in texts[:]:
            less = [one for one in texts if one is not text]
            if self.compare(less, mode)[0]:
                texts = less
        return [texts]

    def smallest(self, text, mode):
        """The text with all taken out that the difference does not need."""
        tame = harmless(text) == text
        size = len(text) // 2
        while size > 0:
            at = 0
            while at < len(text):
                less = text[:at] + text[at + size:]
                if ((not tame or harmless(less) == less) and
                        self.compare([less], mode)[0]):
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
        for mode in pair.compare_all(texts):
            for found in pair.culprits(texts, mode):
                bad += 1
                if len(found) == 1:
                    say(f"first: {found[0]!r}")
                    found = [pair.smallest(found[0], mode)]
                tell(found, mode, *pair.compare(found, mode), say)
        ways, asked = pair.compare_feeds(texts[0], "on")
        if ways:
            bad += 1
            say(f"redsh: -f and {' and '.join(ways)} differ: {texts[0]!r}")
            say(f"  {[did[:2] for did in asked]!r}")
    return bad
