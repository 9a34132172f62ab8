"""What psql 16 to 18 added, against a private PostgreSQL: the scripts
tests/cases/newer/NAME.sql must print NAME.out, which was read line by line
against the documentation of psql when it was written.
"""

import difflib
import os
import pathlib
import re
import subprocess

import pytest

from private_postgres import Server

REDSH = os.path.abspath(os.environ["REDSH"])
FOLDER = pathlib.Path(os.environ.get("TESTS_DIR", "tests")).resolve() \
    / "cases" / "newer"
SECONDS = 60
STAMP = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d "
                   r"\d{4}(?= \(every)")


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


def printed(server, folder, script):
    """Standard output and standard error as they came."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8",
        "PGHOST": str(server.dir), "PGUSER": "tester",
        "PGDATABASE": "postgres",
        **{name: os.environ[name]
           for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
           if name in os.environ},
    }
    done = subprocess.run([REDSH, "-X", "-f", script], cwd=folder,
                          env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=SECONDS, check=False)
    text = done.stdout.replace(f"redsh:{script}:", "")
    return STAMP.sub("#", text)


@pytest.mark.parametrize("script", sorted(FOLDER.glob("*.sql")),
                         ids=lambda path: path.stem)
def test_script(server, tmp_path, script):
    expected = script.with_suffix(".out").read_text()
    mine = printed(server, tmp_path, script)
    if mine != expected:
        pytest.fail("\n" + "\n".join(difflib.unified_diff(
            expected.split("\n"), mine.split("\n"), "expected", "printed",
            lineterm="")), pytrace=False)
