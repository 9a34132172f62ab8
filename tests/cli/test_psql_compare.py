"""Runs the same scripts under psql 15 and under redsh called `psql`, against
one private PostgreSQL, and wants the same bytes on stdout and stderr, the
same exit code and the same files left behind.

tests/cases/psql/**/*.sql are scripts. Their first lines may say
    -- since: 15.19     left out where packaged psql is older
    -- options: ...     more options; --stdin feeds the script on standard
                        input instead of by -f, --together wants the
                        messages among the output as a log has them
    -- env: NAME=VALUE  environment; NAME= takes it away
and the files inc_* beside a script lie beside it when it runs. Each case gets
a schema of its own, so cases do not see each other.

tests/cases/psql/differences.tsv lists what may differ, and why.
"""

import difflib
import os
import re
import pathlib
import shlex
import subprocess

import pytest

import psql_arguments
from private_postgres import psql_minor
from psql_pair import PSQL, Case, Pair

TESTS = pathlib.Path(os.environ.get("TESTS_DIR", "tests")).resolve()
FOLDER = TESTS / "cases" / "psql"


def is_compared(path):
    since = re.match(rb"-- since: 15\.(\d+)\n", path.read_bytes())
    return not since or not os.path.exists(PSQL) or \
        psql_minor() >= int(since[1])


SCRIPTS = [path for path in sorted(FOLDER.rglob("*.sql")) if is_compared(path)]
LOCALES = {"de_DE.UTF-8": "de_DE", "en_US.UTF-8": "en_US"}


def script_case(path):
    text = path.read_bytes()
    options, env = [], {}
    for line in text.decode("latin-1").split("\n"):
        if line.startswith("-- since:"):
            continue
        if line.startswith("-- options:"):
            options += shlex.split(line[len("-- options:"):])
        elif line.startswith("-- env:"):
            env.update(word.split("=", 1)
                       for word in shlex.split(line[len("-- env:"):]))
        else:
            break
    beside = tuple((other.name, other.read_bytes())
                   for other in sorted(path.parent.glob("inc_*")))
    name = str(path.relative_to(FOLDER).with_suffix(""))
    ours = {word for word in options if word in ("--stdin", "--together")}
    options = [word for word in options if word not in ours]
    together = "--together" in ours
    if "--stdin" in ours:
        return Case(name, options, text, beside, env, together)
    return Case(name, options + ["-f", "case.sql"], b"",
                (("case.sql", text), *beside), env, together)


def argument_case(name):
    args, stdin, *env = psql_arguments.ARGS[name]
    return Case(name, args, stdin, psql_arguments.FILES, *env)


def allowed_differences():
    """Case name to rows (stream, psql's text, redsh's text)."""
    rows = {}
    lines = (FOLDER / "differences.tsv").read_text().splitlines()
    for line in lines[1:]:
        name, stream, theirs, mine, reason = line.split("\t")
        assert stream in ("stdout", "stderr", "code"), line
        assert len(reason) > 9, line
        rows.setdefault(name, []).append(
            (stream, *(text.encode().decode("unicode_escape")
                       .encode("latin-1").decode()
                       for text in (theirs, mine))))
    return rows


DIFFERENCES = allowed_differences()


@pytest.fixture(scope="module")
def pair(tmp_path_factory, request):
    """Both programs; every case that was asked for is already on its way."""
    if not os.path.exists(PSQL):
        pytest.skip("psql 15 is not installed")
    locales = tmp_path_factory.mktemp("locale")
    for name, source in LOCALES.items():
        subprocess.run(["localedef", "-i", source, "-f", "UTF-8",
                        locales / name], check=True, capture_output=True)
    link = tmp_path_factory.mktemp("bin") / "psql"
    link.symlink_to(os.path.abspath(os.environ["REDSH"]))
    running = Pair(tmp_path_factory.mktemp("lanes"), str(link), locales)
    for item in request.session.items:
        if hasattr(item, "callspec"):
            running.start(item.callspec.params["case"])
    yield running
    running.stop()


def decoded(text):
    return text.decode("utf-8", "backslashreplace")


def alike(mine, theirs, what):
    if mine != theirs:
        lines = difflib.unified_diff(theirs.split("\n"), mine.split("\n"),
                                     "psql", "redsh", lineterm="", n=2)
        pytest.fail(f"{what} differs\n" +
                    "\n".join(map(seen, lines)), pytrace=False)


def seen(line):
    """Readable, and blanks at the end and control characters seen."""
    return "".join(char if char.isprintable()
                   else chr(0x2400 + ord(char)) if char < " "
                   else repr(char)[1:-1]
                   for char in line) + "$"


def same(pair, case):
    theirs, mine = pair.outcome(case)
    expected = {"stdout": decoded(theirs.stdout),
                "stderr": decoded(theirs.stderr), "code": str(theirs.code)}
    for stream, before, after in DIFFERENCES.get(case.name, ()):
        assert before in expected[stream], f"psql does not say {before!r}"
        assert before != after
        expected[stream] = expected[stream].replace(before, after)
    alike(decoded(mine.stdout), expected["stdout"], "stdout")
    alike(decoded(mine.stderr), expected["stderr"], "stderr")
    alike(str(mine.code), expected["code"], "exit code")
    for name in sorted(mine.files.keys() | theirs.files.keys()):
        alike(decoded(mine.files.get(name, b"(no file)")),
              decoded(theirs.files.get(name, b"(no file)")), f"file {name}")


@pytest.mark.parametrize("case", map(script_case, SCRIPTS),
                         ids=lambda case: case.name)
def test_script(pair, case):
    same(pair, case)


@pytest.mark.parametrize("case", map(argument_case, psql_arguments.ARGS),
                         ids=lambda case: case.name)
def test_arguments(pair, case):
    same(pair, case)


def test_every_listed_difference_belongs_to_a_case():
    names = {script_case(path).name for path in SCRIPTS}
    names |= set(psql_arguments.ARGS)
    assert not set(DIFFERENCES) - names


def test_scripts_and_command_lines_do_not_share_names():
    names = {script_case(path).name for path in SCRIPTS}
    assert not names & set(psql_arguments.ARGS)
