"""What Redshift refuses, the sandbox refuses with the same words.

tests/cases/redshift/unsupported-postgres.tsv and settings.tsv: a row for
every row of Redshift's documentation; expected outcomes come from there.
"""

import os

import pytest

from redshift_client import Sandbox, read_rows, statements_of

CASES = os.path.join(os.environ["TESTS_DIR"], "cases", "redshift")


def rows_of(name):
    return read_rows(os.path.join(CASES, name + ".tsv"))


@pytest.fixture(scope="module")
def sandbox():
    sandbox = Sandbox()
    yield sandbox
    sandbox.stop()


def check(client, sql, expected):
    statements = statements_of(sql)
    outcomes = expected.split(" ;; ")
    assert len(statements) == len(outcomes)
    got = [client.query(statement).text() for statement in statements]
    client.query("rollback")
    assert got == outcomes


@pytest.mark.parametrize("key, sql, expected", [
    pytest.param(*row, id=row[0]) for row in rows_of("unsupported-postgres")])
def test_unsupported(sandbox, key, sql, expected):
    with sandbox.connect() as client:
        check(client, sql, expected)


@pytest.mark.parametrize("key, sql, expected", [
    pytest.param(*row, id=row[0]) for row in rows_of("settings")])
def test_settings(sandbox, key, sql, expected):
    with sandbox.connect(settings={"application_name": "test client"}) as c:
        check(c, sql, expected)
