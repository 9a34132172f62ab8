"""Every row of the documentation's function list and type list against a
sandbox: tests/cases/redshift/functions.tsv and data-types.tsv.

A line is key, sql, expected. The key is NAME/kind of the documentation's row;
a row may have several lines. sql goes in one message, its last result counts.
expected: fields joined by |, rows by " / ", NULL is \\N; "!" begins an error:
SQLSTATE, then what its message begins with."""

import csv
import os
import pathlib
import subprocess

import psycopg2
import psycopg2.extensions
import pytest

CASES = pathlib.Path(__file__).resolve().parent.parent / "cases" / "redshift"
SANDBOX = os.environ["REDSH_SANDBOX"]
# As text, whatever the driver would make of them.
TEXT = psycopg2.extensions.new_type(
    (16, 17, 18, 19, 20, 21, 23, 25, 26, 700, 701, 702, 705, 1042, 1043, 1082,
     1083, 1114, 1184, 1186, 1188, 1190, 1266, 1700, 2935, 3000, 3001, 4000,
     6551, 1003, 1005, 1009), "TEXT", lambda value, cursor: value)


def rows(name):
    with open(CASES / name, encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t",
                               quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The folder of a sandbox, as redsh-sandbox takes it."""
    where = tmp_path_factory.mktemp("sandbox")
    subprocess.run([SANDBOX, "start", "--dir", where], check=True,
                   stdout=subprocess.DEVNULL)
    yield where
    subprocess.run([SANDBOX, "stop", "--dir", where], check=True,
                   stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def session(place):
    told = subprocess.run([SANDBOX, "env", "--dir", place], check=True,
                          capture_output=True, text=True).stdout
    env = dict(line.removeprefix("export ").split("=", 1)
               for line in told.splitlines())
    env = {name: value.strip("'") for name, value in env.items()}
    conn = psycopg2.connect(
        host=env["PGHOST"], port=env["PGPORT"], user=env["PGUSER"],
        password=env["PGPASSWORD"], dbname=env["PGDATABASE"],
        sslmode=env["PGSSLMODE"], sslrootcert=env["PGSSLROOTCERT"])
    conn.autocommit = True
    psycopg2.extensions.register_type(TEXT, conn)
    with conn.cursor() as cursor:
        cursor.execute((CASES / "functions.sql").read_text(encoding="utf-8"))
    yield conn
    conn.close()


def answer(conn, sql):
    """The last result as the files write it, and the type of its column."""
    with conn.cursor() as cursor:
        try:
            cursor.execute(sql)
        except psycopg2.Error as error:
            return f"!{error.pgcode} {error.diag.message_primary}", None
        if cursor.description is None:
            return cursor.statusmessage, None
        text = " / ".join("|".join("\\N" if v is None else v for v in row)
                          for row in cursor.fetchall())
        return text, cursor.description[0].type_code


def differences(conn, name):
    found = []
    for row in rows(name):
        got, oid = answer(conn, row["sql"])
        fits = (got.startswith(row["expected"]) if row["expected"][:1] == "!"
                else got == row["expected"])
        if row.get("oid"):
            fits = fits and oid == int(row["oid"])
            got += f" of type {oid}"
        if not fits:
            found.append(f"{row['key']}: {row['sql']}\n  expected "
                         f"{row['expected']}\n  got      {got}")
    return found


def test_functions_answer_as_documented(session):
    found = differences(session, "functions.tsv")
    assert not found, "\n".join(found)


def test_types_answer_as_documented(session):
    found = differences(session, "data-types.tsv")
    assert not found, "\n".join(found)


def test_every_row_of_the_function_list_has_a_line():
    listed = {line.rstrip("\n") for line in open(
        CASES / "function-list.txt", encoding="utf-8")}
    assert listed == {row["key"] for row in rows("functions.tsv")}


def test_what_is_refused_is_listed_with_a_reason():
    share = pathlib.Path(os.environ["REDSH_SHARE"]) / "sandbox"
    text = (share / "README").read_text(encoding="utf-8")
    section = text.split("\nFunctions\n---------\n")[1].split("\n---")[0]
    missing = [row["key"] for row in rows("functions.tsv")
               if row["expected"].startswith("!SB001")
               and not row["key"].endswith("/geo")
               and row["key"].split("/")[0].lower() not in section.lower()]
    assert not missing
    assert "geometry" in section
