"""\\loads, \\unloads, \\copyjobs: the history of COPY and UNLOAD as rows, for
who may see what, and on a cluster without the SYS views."""

import csv
import os
import subprocess

import psycopg2
import pytest

from redshift_loads import Loads

REDSH = os.environ["REDSH"]


@pytest.fixture(scope="module")
def loads():
    here = Loads()
    here.reset()
    for name in "ab":
        here.put(f"h/{name}", "1|x\n2|y\n")
    here.put("bad/a", "one|x\n")
    here.run("create table first (a int, b varchar(9))")
    here.run('create table second (a int, b varchar(9))')
    here.run("copy first from 's3://lake/h/' iam_role default")
    here.run("copy second from 's3://lake/h/a' iam_role default")
    assert here.answer("copy second from 's3://lake/bad/' iam_role default"
                       ).startswith("!XX000")
    here.run("unload ('select * from first') to 's3://lake/out/a_' iam_role"
             " default parallel off")
    here.run("unload ('select * from second') to 's3://lake/out/b_' iam_role"
             " default csv gzip")
    assert here.answer("unload ('select a/0 from first') to 's3://lake/out/c_'"
                       " iam_role default").startswith("!22012")
    yield here
    here.stop()


def redsh(loads, *lines, **more):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("AWS_", "PG"))}
    return subprocess.run([REDSH, "-X", "--csv", "-q"],
                          input="\n".join(lines) + "\n",
                          env={**env, **loads.env, **more}, text=True,
                          capture_output=True, check=False)


def table(loads, *lines, **more):
    done = redsh(loads, *lines, **more)
    assert done.stderr == "", done.stderr
    return list(csv.DictReader(done.stdout.splitlines()))


def seen(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]


def test_loads_newest_first_with_all_that_is_known(loads):
    rows = table(loads, "\\loads")
    assert seen(rows, "table", "status", "rows", "files", "bytes", "errors",
                "source") == [
        ("second", "aborted", "0", "1", "6", "1", "s3://lake/bad/"),
        ("second", "completed", "2", "1", "8", "0", "s3://lake/h/a"),
        ("first", "completed", "4", "2", "16", "0", "s3://lake/h/")]
    assert all(float(row["seconds"]) >= 0 for row in rows)
    assert rows[0]["time"] >= rows[1]["time"] >= rows[2]["time"]
    ids = [int(row["query"]) for row in rows]
    assert ids == sorted(ids, reverse=True)
    (last,) = loads.run("select pg_last_copy_id()")
    assert ids[1] == last[0]


@pytest.mark.parametrize("line, tables", [
    ("\\loads 2", ["second", "second"]),
    ("\\loads first", ["first"]),
    ("\\loads public.FIRST", ["first"]),
    ('\\loads "public"."first"', ["first"]),
    ("\\loads second 1", ["second"]),
    ("\\loads nowhere", []),
])
def test_loads_of_a_table_or_so_many(loads, line, tables):
    assert seen(table(loads, line), "table") == [(name,) for name in tables]


def test_unloads(loads):
    rows = table(loads, "\\unloads")
    assert seen(rows, "status", "rows", "files", "format", "packed",
                "target") == [
        ("aborted", "0", "0", "TEXT", "", "s3://lake/out/c_"),
        ("completed", "2", "2", "CSV", "gzip", "s3://lake/out/b_"),
        ("completed", "4", "1", "TEXT", "", "s3://lake/out/a_")]
    assert "division by zero" in rows[0]["error"]
    assert int(rows[2]["bytes"]) == len(loads.get("out/a_000"))
    assert len(table(loads, "\\unloads 1")) == 1


def test_copyjobs_has_none_here(loads):
    done = redsh(loads, "\\copyjobs", "\\copyjobs daily")
    assert done.stderr == ""
    assert done.stdout == (
        "id,job,auto,loaded,pending,failed,latest,role,statement\n"
        "time,status,folder,file,bytes,modified\n"
        "time,message\n")


@pytest.mark.parametrize("line, words", [
    ("\\loads 0", "a count is from 1 to 100000"),
    ("\\loads 100001", "a count is from 1 to 100000"),
    ("\\loads first x", "must be a number"),
    ("\\loads 5 10", "two counts, 5 and 10"),
    ("\\unloads x", "must be a number"),
    ("\\unloads -1", "a count is from 1 to 100000"),
])
def test_refused(loads, line, words):
    done = redsh(loads, line)
    assert words in done.stderr and done.stdout == ""


def test_echo_hidden_shows_the_query(loads):
    done = redsh(loads, "\\set ECHO_HIDDEN on", "\\loads", "\\unloads",
                 "\\copyjobs")
    for view in ("sys_load_history", "sys_unload_history", "sys_copy_job"):
        assert "from " + view in done.stdout


def test_in_a_block_and_in_a_failed_one(loads):
    done = redsh(loads, "begin;", "\\loads 1", "commit;", "begin;",
                 "select 1/0;", "\\loads", "rollback;")
    assert "second,aborted" in done.stdout
    assert "current transaction is aborted" in done.stderr


def test_others_loads_are_not_seen(loads):
    loads.run("create user reader password 'Secret123'")
    done = redsh(loads, "\\loads", "\\unloads", PGUSER="reader",
                 PGPASSWORD="Secret123")
    assert done.stderr == ""
    assert [line.split(",")[0] for line in done.stdout.splitlines()] == [
        "time", "time"]


# --- views of other clusters, put in place below the gateway ---

class Below:
    """The sandbox's own PostgreSQL, as its superuser."""

    def __init__(self, loads):
        self.db = psycopg2.connect(host=str(loads.dir / "pg"), user="rdsdb",
                                   dbname="dev")
        self.cursor = self.db.cursor()
        self.db.autocommit = True
        self.run("set allow_system_table_mods = on")

    def run(self, sql):
        self.cursor.execute(sql)


def test_jobs_and_their_files(loads):
    below = Below(loads)
    below.run("""create or replace view pg_catalog.sys_copy_job as select
        7::bigint job_id, 'daily'::char(128) job_name,
        'arn:aws:iam::1:role/R'::char(128) iam_role,
        'copy t from ...'::char(256) job_text, 1 is_auto,
        0 on_error_suspend""")
    below.run("""create or replace view pg_catalog.sys_copy_job_detail as
        select 100 user_id, 'dev'::text database_name, 7 job_id,
        'daily'::text job_name, 's3://lake/in/'::text file_location,
        'f' || n file_name, n::bigint file_size, ''::text file_etag,
        ''::char(256) job_text, '2024-01-01'::timestamp modification_time,
        '2024-01-02'::timestamp + n * interval '1 hour' enqueue_time,
        (array['I', 'I', 'P', 'E'])[n]::"char"::char(1) status
        from generate_series(1, 4) n""")
    rows = table(loads, "\\copyjobs")
    assert seen(rows, "id", "job", "auto", "loaded", "pending", "failed",
                "latest", "role", "statement") == [
        ("7", "daily", "on", "2", "1", "1", "2024-01-02 04:00:00",
         "arn:aws:iam::1:role/R", "copy t from ...")]
    done = redsh(loads, "\\copyjobs daily")
    assert done.stdout.splitlines()[1:3] == [
        "2024-01-02 04:00:00,E,s3://lake/in/,f4,4,2024-01-01 00:00:00",
        "2024-01-02 03:00:00,P,s3://lake/in/,f3,3,2024-01-01 00:00:00"]
    below.db.close()


def test_a_cluster_without_the_views_of_today(loads):
    below = Below(loads)
    for name in ("load", "unload"):
        below.run(f"alter view pg_catalog.sys_{name}_history"
                  f" rename to gone_{name}_history")
    try:
        rows = table(loads, "\\loads")
        assert seen(rows, "status", "rows", "files", "errors") == [
            ("completed", "2", "1", "0"), ("completed", "4", "2", "0")]
        assert rows[1]["statement"].startswith("copy first from")
        assert len(table(loads, "\\loads first")) == 1
        rows = table(loads, "\\unloads 2")
        assert seen(rows, "rows", "files", "first file") == [
            ("2", "2", "s3://lake/out/b_0000_part_00.gz"),
            ("4", "1", "s3://lake/out/a_000")]
    finally:
        for name in ("load", "unload"):
            below.run(f"alter view pg_catalog.gone_{name}_history"
                      f" rename to sys_{name}_history")
        below.db.close()
