"""Formats that psql does not have: each is read back by somebody else."""

import csv
import io
import json
import os
import subprocess

import pytest

from private_postgres import BIN, Server

PSQL = os.environ.get("PSQL", str(BIN / "psql"))
QUERY = r"""select * from (values
    (1, 'it''s', 1.50::numeric, true, 'NaN'::float8, null::text),
    (-2, E'tab\there\nline \\ back', 0, false, 2.5e10, ''),
    (3, 'é漢', null, null, null, E'\r"<&|>')) as t (id, "Odd "" name", amount,
    yes, ratio, note) order by id"""


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


def run(program, server, *args, text=None):
    environment = {**os.environ, "PGHOST": str(server.dir), "PGUSER": "tester",
                   "PGDATABASE": "postgres", "LC_ALL": "C.UTF-8",
                   "HOME": "/nonexistent"}
    done = subprocess.run([program, "-X", "-q", *args], env=environment,
                          input=text, capture_output=True, check=False,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def redsh(server, *args, **more):
    return run(os.environ["REDSH"], server, *args, **more)


def test_insert_statements_make_the_table_again(server):
    for strings in ("on", "off"):
        out = redsh(server, "-v", "INSERT_TABLE=copied", "-P", "format=insert",
                    "-c", f"set standard_conforming_strings = {strings}",
                    "-c", QUERY.replace("\\\\", "\\\\"))
        assert out.startswith('insert into copied ("id", "Odd "" name"')
        run(PSQL, server, "-c",
            f"drop table if exists copied; create table copied as {QUERY} "
            "limit 0", "-c", f"set standard_conforming_strings = {strings}",
            "-c", out)
        same = run(PSQL, server, "-At", "-c",
                   f"select count(*) from ({QUERY}) a natural full join copied"
                   " where a.id is null", "-c",
                   f"select * from ({QUERY}) a except all "
                   "select * from copied", "-c", "select count(*) from copied")
        assert same.splitlines() [-1] == "3"
        left = run(PSQL, server, "-At", "-c",
                   f"select * from ({QUERY}) a except all "
                   "select * from copied")
        assert left == ""


def test_many_rows_are_several_statements(server):
    out = redsh(server, "-P", "format=insert", "-c",
                "select i as a from generate_series(1, 1201) i")
    assert out.count("insert into table_name") == 3
    assert out.count(";\n") == 3
    assert out.rstrip().endswith("(1201);")


def test_no_rows_are_no_statement(server):
    assert redsh(server, "-P", "format=insert", "-c",
                 "select 1 as a where false") == ""


def test_tsv_is_what_copy_reads(server):
    out = redsh(server, "-P", "format=tsv", "-P", r"null=\N", "-c", QUERY)
    names, rows = out.split("\n", 1)
    assert names == 'id\tOdd " name\tamount\tyes\tratio\tnote'
    run(PSQL, server, "-c", f"drop table if exists read; create table read as "
        f"{QUERY} limit 0")
    run(PSQL, server, "-c", "copy read from stdin", text=rows.encode())
    assert run(PSQL, server, "-At", "-c",
               f"select * from ({QUERY}) a except all select * from read") == ""
    assert run(PSQL, server, "-At", "-c", "select count(*) from read") == "3\n"


def test_tsv_expanded_and_rows_only(server):
    assert redsh(server, "-t", "-P", "format=tsv", "-c",
                 "select 1 as a, 2 as b") == "1\t2\n"
    assert redsh(server, "-x", "-P", "format=tsv", "-c",
                 "select 1 as a, 2 as b") == "a\t1\nb\t2\n"


def test_vertical_puts_one_column_a_line(server):
    out = redsh(server, "-P", "format=vertical", "-P", "null=(null)", "-c",
                "select 1 as a, 'x' as longer union all select 2, null")
    stars = "*" * 27
    assert out == (f"{stars} 1. row {stars}\n     a: 1\nlonger: x\n"
                   f"{stars} 2. row {stars}\n     a: 2\nlonger: (null)\n"
                   "(2 rows)\n")
    assert redsh(server, "-t", "-P", "format=vertical", "-c",
                 "select 1 as a union all select 2") == "a: 1\n\na: 2\n"


def test_json_is_json(server):
    rows = json.loads(redsh(server, "--json", "-c", QUERY))
    assert [row["id"] for row in rows] == [-2, 1, 3]
    assert rows[0]['Odd " name'] == "tab\there\nline \\ back"
    assert rows[2]["note"] == '\r"<&|>' and rows[2]["yes"] is None
    lines = redsh(server, "-P", "format=jsonl", "-c", QUERY).splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_markdown_cells_stay_in_theirs(server):
    lines = redsh(server, "--markdown", "-c", QUERY).splitlines()
    assert len(lines) == 2 + 3 + 2
    assert all(line.replace(r"\|", "").count("|") == 7 for line in lines[:5])


def test_csv_is_read_by_others(server):
    rows = list(csv.reader(io.StringIO(redsh(server, "--csv", "-c", QUERY),
                                       newline="")))
    assert rows[1][1] == "tab\there\nline \\ back" and rows[3][5] == '\r"<&|>'
