"""tests/cases/surface.tsv: each option, command, variable, setting, prompt
escape, exit code, environment variable, file and key that redsh has of psql,
or of its own, with the test that types it.

A row names a file under the top folder and a text that stands in it. The file
must be one that `make check` runs. What the program itself lists must be in
the table, so nothing new comes without a test.
"""

import csv
import os
import pathlib
import re
import subprocess

import pytest

REDSH = os.path.abspath(os.environ["REDSH"])
TESTS = pathlib.Path(os.environ.get("TESTS_DIR", "tests")).resolve()
TOP = TESTS.parent
KINDS = {"option", "meta", "variable", "pset", "prompt-escape", "exit-code",
         "env", "file", "slash-copy-option", "key"}
# What is asked of psql's surface, where the founders' table is at hand.
WANTED = TOP.parent / "shared" / "psql" / "surface.tsv"


def read_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


ROWS = read_rows(TESTS / "cases" / "surface.tsv")
RUN = (TESTS / "tests.am").read_text(encoding="utf-8")


def is_run(path):
    """Whether make check reaches the file."""
    if path.startswith("tests/cases/psql/"):
        return path.endswith(".sql") and "test_psql_compare.py" in RUN
    if path.startswith("tests/cases/newer/"):
        return path.endswith(".sql") and "test_newer_scripts.py" in RUN
    if path.endswith("psql_arguments.py"):
        return "test_psql_compare.py" in RUN
    program = path.removesuffix(".c")
    return re.search(r"(TESTS|check_PROGRAMS) \+=.*\b" + re.escape(program),
                     RUN) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row:
                         row["kind"] + " " + row["name"])
def test_a_row_names_a_test_that_types_it(row):
    assert row["kind"] in KINDS
    path = TOP / row["test"]
    assert path.is_file(), row["test"]
    assert is_run(row["test"]), row["test"] + " is not run by make check"
    assert len(row["string"]) > 1
    assert row["string"] in path.read_text(encoding="utf-8",
                                           errors="replace")


def test_no_row_stands_twice():
    names = [(row["kind"], row["name"]) for row in ROWS]
    assert len(names) == len(set(names))


def words(kind, pattern):
    """All that the names of that kind's rows are about."""
    return {word for row in ROWS if row["kind"] == kind
            for word in re.findall(pattern, row["name"])}


def listed(what):
    """The first columns of what the program says of itself."""
    done = subprocess.run([REDSH, "--print=" + what], capture_output=True,
                          text=True, timeout=60, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_each_command_of_the_program_is_in_the_table():
    known = words("meta", r"\\(\w+|.)")
    # \de is the row of \des, \det, \deu and \dew.
    known.add("de" if "des" in known else "")
    assert {row[0] for row in listed("commands")} - known == set()


def test_each_option_of_the_program_is_in_the_table():
    letters = words("option", r"(?:^|[ ,])-(\w|\?)\b|-(\?)")
    letters = {letter for pair in letters for letter in pair if letter}
    names = words("option", r"--([\w-]+)")
    for letter, name, *_ in listed("options"):
        assert name in names, name
        assert not letter or letter.lstrip("-") in letters, letter


def test_each_variable_of_the_program_is_in_the_table():
    known = words("variable", r"\w+")
    assert {row[0] for row in listed("variables")} - known == set()


def test_each_setting_of_the_program_is_in_the_table():
    known = words("pset", r"\w+")
    assert {row[0] for row in listed("settings")} - known == set()


def test_what_is_asked_of_psqls_surface_is_in_the_table():
    if not WANTED.is_file():
        pytest.skip("the table of what is asked is not here")
    wanted = {(row["kind"], row["name"]) for row in read_rows(WANTED)
              if row["relevance"].startswith(("must", "should"))}
    assert wanted - {(row["kind"], row["name"]) for row in ROWS} == set()
