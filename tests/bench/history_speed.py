#!/usr/bin/python3
"""How long keys take with a long history.

usage: history_speed.py REDSH [ENTRIES]

Makes a history of ENTRIES (100,000) statements in a folder of its own, starts
REDSH offline on a terminal, and prints milliseconds: from the key sent to the
first byte that comes back, the worst and the middle of all keys of each kind.
"""

import os
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import pexpect

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "screen"))

from terminal import Terminal, environment  # noqa: E402

WORDS = ("sales event venue listing date users category pricepaid qtysold "
         "eventid sellerid buyerid saletime caldate month quarter").split()


def fill(path, count):
    random.seed(1)
    with sqlite3.connect(path) as base:
        base.executemany(
            "insert into entry (started_ms, shell, profile, dbname, risky,"
            " status, sqlstate, duration_us, row_count, text)"
            " values (?, 1, '', 'dev', 0, ?, '', ?, ?, ?)",
            ((1700000000000 + i, 1 + (i % 11 == 0), i, i,
              f"select {random.choice(WORDS)}, sum({random.choice(WORDS)})\n"
              f"from {random.choice(WORDS)} where {random.choice(WORDS)} = "
              f"{random.randrange(100000)} group by 1 order by 2 desc;")
             for i in range(count)))


def key(term, keys):
    """Sends keys; milliseconds to the first byte of what is drawn."""
    while term.child.expect([".+", pexpect.TIMEOUT], timeout=0.3) == 0:
        term.stream.feed(term.child.match.group(0))
    start = time.monotonic()
    term.send(keys)
    data = term.child.read_nonblocking(65536, timeout=10)
    took = (time.monotonic() - start) * 1000
    term.stream.feed(data)
    return took


def tell(what, times):
    print(f"{what:32} middle {statistics.median(times):7.2f} ms   "
          f"worst {max(times):7.2f} ms")


def main():
    redsh = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    with tempfile.TemporaryDirectory() as home:
        env = environment(home, TERM="xterm-256color")
        state = os.path.join(home, ".local/state/redsh")
        os.makedirs(state)
        # The program makes the tables itself.
        subprocess.run([redsh, "-Xq", "--offline", "-c", "\\history"],
                       env=env, check=True, stdout=subprocess.DEVNULL)
        fill(os.path.join(state, "history.db"), count)
        start = time.monotonic()
        with Terminal([redsh, "-X", "--offline"], env, rows=40,
                      columns=120) as term:
            term.wait_for("offline=>")
            print(f"start to prompt {(time.monotonic() - start) * 1000:.0f} "
                  "ms")
            tell("first key, with suggestion", [key(term, "s")])
            tell("key, with suggestion",
                 [key(term, letter) for letter in "elect ca"])
            tell("Up with text", [key(term, "\x1b[A") for _ in range(10)])
            term.send("\x15")
            tell("Ctrl-R", [key(term, "\x12")])
            tell("key in the list",
                 [key(term, letter) for letter in "sales 4711 grp"])
            term.send("\x15")
            tell("Down in the list", [key(term, "\x1b[B") for _ in range(5)])


main()
