"""Every statement of Redshift with its clauses, against a sandbox.

tests/cases/redshift/statements.tsv has lines for every row of the list of SQL
commands; what the sandbox refuses by name is listed in share/sandbox/README.
analyst.sql is ordinary work of analysts and of dbt.
"""

import os
import re
import subprocess

import pytest

from extended import Link, until_ready
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
    with open(path, encoding="utf-8") as file:
        text = file.read().lower()
    assert key.lower() in text or key in ("COPY", "UNLOAD")


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


def test_questions_between_messages_of_the_extended_protocol(sandbox,
                                                              monkeypatch):
    """What the gateway asks PostgreSQL for a query disturbs neither the
    client's unnamed statement nor its block."""
    for name, value in sandbox.env.items():
        monkeypatch.setenv(name, value)
    link = Link()

    def run(sql, *values):
        link.parse(sql, types=(23,) * len(values))
        link.bind(values)
        link.execute()
        link.sync()
        return until_ready(link)

    assert run("create table ext_t (a int, b int)").endswith("Z[I]")
    assert run("insert into ext_t values (1, 2), (3, 4)").endswith("Z[I]")
    latest = ("select * from ext_t qualify row_number() over"
              " (order by a desc) = 1")
    lateral = "select a as z, z + $1 as y from ext_t order by 1"
    wrong = "select * exclude nope from ext_t"
    assert run(latest) == "1 2 D[3,4] C[SELECT] Z[I]"
    assert run(lateral, b"5") == "1 2 D[1,6] D[3,8] C[SELECT] Z[I]"
    assert run(wrong) == "E[42703] Z[I]"
    assert run("begin") == "1 2 C[BEGIN] Z[T]"
    assert run(latest) == "1 2 D[3,4] C[SELECT] Z[T]"
    assert run(lateral, b"5") == "1 2 D[1,6] D[3,8] C[SELECT] Z[T]"
    assert run("select q.z from (select a as z, 1 as k from ext_t) q where"
               " exists (select k as m, m + 1 from ext_t t where t.a = q.z"
               " and q.z = 3)") == "1 2 D[3] C[SELECT] Z[T]"
    assert run("rollback") == "1 2 C[ROLLBACK] Z[I]"
    assert run("create procedure ext_p(a int, b out int) as $$ begin"
               " b := a + 1; end $$ language plpgsql").endswith("Z[I]")
    assert run("call ext_p(4)") == "1 2 D[5] C[CALL] Z[I]"


def test_work_of_analysts(sandbox):
    path = os.path.join(CASES, "analyst.sql")
    env = {**os.environ, **sandbox.env, "PGTZ": "UTC", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["psql", "-X", "-q", "-A", "-f", path], env=env,
                          capture_output=True, text=True, timeout=120)
    told = (done.stdout + re.sub(r"^psql:.*?sql:(\d+): ", r"\1: ",
                                 done.stderr, flags=re.M))
    with open(os.path.join(CASES, "analyst.out"), encoding="utf-8") as file:
        assert told == file.read()
