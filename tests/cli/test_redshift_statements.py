"""Every statement of Redshift with its clauses, against a sandbox.

tests/cases/redshift/statements.tsv has lines for every row of the list of SQL
commands; what the sandbox refuses by name is listed in share/sandbox/README.
analyst.sql is ordinary work of analysts and of dbt.
"""

import os
import re
import subprocess

import pytest

from redshift_client import Sandbox, read_rows, statements_of

TESTS = os.environ["TESTS_DIR"]
CASES = os.path.join(TESTS, "cases", "redshift")
SHARE = os.path.join(os.path.dirname(os.path.abspath(TESTS)), "share")
ROWS = read_rows(os.path.join(CASES, "statements.tsv"))
ELSEWHERE = [row for row in ROWS if row[2].startswith("in ")]
HERE = [row for row in ROWS if not row[2].startswith("in ")]


@pytest.fixture(scope="module")
def sandbox():
    sandbox = Sandbox()
    subprocess.run([os.environ["REDSH"], "-X", "-c", r"\s3mb s3://lake"],
                   env={**os.environ, **sandbox.env}, check=True, timeout=60,
                   stdout=subprocess.DEVNULL)
    yield sandbox
    sandbox.stop()


def outcomes(client, sql):
    for statement in statements_of(sql):
        prepares = statement.startswith("!")
        result = client.query(statement.removeprefix("!"))
        if not prepares:
            yield result.text()
        elif result.error:
            pytest.fail(f"{statement}: {result.text()}")


@pytest.mark.parametrize("key, sql, expected", [
    pytest.param(*row, id=f"{row[0]}-{at}") for at, row in enumerate(HERE)])
def test_statement(sandbox, key, sql, expected):
    assert key and sql
    with sandbox.connect() as client:
        got = list(outcomes(client, sql))
    assert got == expected.split(" ;; ")


@pytest.mark.parametrize("key, _, expected", [
    pytest.param(*row, id=row[0]) for row in ELSEWHERE])
def test_the_other_suite_has_it(key, _, expected):
    path = os.path.join(CASES, expected.removeprefix("in "))
    if not os.path.exists(path):
        pytest.skip("that suite has not landed")
    assert read_rows(path)


def test_no_statement_of_redshift_is_left_out():
    known = [row[0] for row in read_rows(
        os.path.join(SHARE, "sql", "statements.tsv"))]
    assert sorted({row[0] for row in ROWS}) == sorted(known)


def section(name):
    with open(os.path.join(SHARE, "sandbox", "README"),
              encoding="utf-8") as file:
        text = file.read()
    return re.search(rf"^{name}\n-+\n(.*?)(?=^[^\n]+\n-+\n|\Z)", text,
                     re.M | re.S).group(1)


def lacked():
    works = {row[0] for row in HERE
             if any(not part.startswith("SB001 ")
                    for part in row[2].split(" ;; "))}
    return {row[0] for row in HERE} - works


def test_what_is_refused_is_listed_with_its_reason():
    listed = {line.split(":")[0].strip()
              for line in section("Statements").split("\n") if ":" in line}
    assert lacked() <= listed


def test_four_fifths_of_the_statements_work():
    keys = {row[0] for row in ROWS}
    assert len(lacked()) <= len(keys) / 5


def test_work_of_analysts(sandbox):
    path = os.path.join(CASES, "analyst.sql")
    env = {**os.environ, **sandbox.env, "PGTZ": "UTC", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["psql", "-X", "-q", "-A", "-f", path], env=env,
                          capture_output=True, text=True, timeout=120)
    told = (done.stdout + re.sub(r"^psql:.*?sql:(\d+): ", r"\1: ",
                                 done.stderr, flags=re.M))
    with open(os.path.join(CASES, "analyst.out"), encoding="utf-8") as file:
        assert told == file.read()
