"""The line that tells how far COPY and UNLOAD are, at a terminal: true figures
of the server while they run, no line for scripts, Ctrl-C as ever.

A lock on the table holds a load where it is, so what the line must show does
not hang on how fast the machine is."""

import re
import shlex
import subprocess

import psycopg2
import pytest

from terminal import CTRL_C, REDSH, Sandbox

MANY = 4
BODY = "1|a\n"
COPY = "copy held from 's3://watch/many/' iam_role default"


@pytest.fixture(scope="module")
def store(sandbox, home):
    for i in range(MANY):
        with open(f"{home}/part{i}", "w", encoding="utf-8") as file:
            file.write(BODY)
        sandbox.redsh("-q", "-f", "-", text="\\s3mb s3://watch\n" * (i == 0)
                      + f"\\s3put {home}/part{i} s3://watch/many/part{i}\n")
    with open(f"{home}/big", "w", encoding="utf-8") as file:
        file.writelines(f"{n}|row number {n}\n" for n in range(1500000))
    sandbox.redsh("-q", "-f", "-", text=f"""
\\s3put {home}/big s3://watch/big/0
\\s3cp s3://watch/big/0 s3://watch/big/1
\\s3cp s3://watch/big/0 s3://watch/big/2
\\s3cp s3://watch/big/0 s3://watch/big/3
create table held (a int, b varchar(9));
create table grown (a int, b varchar(40));
""")
    return sandbox


@pytest.fixture
def term(store, tmp_path):
    env = dict(store.env, XDG_STATE_HOME=str(tmp_path))
    with store.terminal("-X", env=env, rows=30, columns=130) as terminal:
        terminal.wait_for_line("dev=#")
        yield terminal


def connect(store):
    env = {}
    for line in store.run("env", "--dir", store.folder).splitlines():
        for word in shlex.split(line)[1:]:
            name, value = word.split("=", 1)
            env[name] = value
    return psycopg2.connect(
        host=env["PGHOST"], port=env["PGPORT"], user=env["PGUSER"],
        password=env["PGPASSWORD"], dbname=env["PGDATABASE"],
        sslmode="verify-full", sslrootcert=env["PGSSLROOTCERT"])


class Lock:
    """Nobody writes into the table until it is let go."""

    def __init__(self, store, table):
        self.db = connect(store)
        self.cursor = self.db.cursor()
        self.cursor.execute(f"lock {table}")

    def release(self):
        self.db.rollback()
        self.db.close()


def test_a_load_that_waits_shows_its_files_and_bytes(term, store):
    lock = Lock(store, "held")
    term.line(COPY + ";")
    term.wait_for_pattern(
        r"^copy held +0%  0 B of 16 B  0 of 4 files  \d+ s$")
    lock.release()
    term.wait_for("completed, 4 record(s) loaded")
    term.wait_for_line("dev=#")
    assert not re.search("of 4 files", term.text())
    assert store.redsh("-Atqc", "select count(*) from held").strip() == "4"


def test_ctrl_c_ends_it_and_the_line(term, store):
    lock = Lock(store, "held")
    term.line(COPY + ";")
    term.wait_for("0 of 4 files")
    term.send(CTRL_C)
    term.wait_for("Cancel request sent")
    term.wait_for("canceling statement")
    term.wait_for_line("dev=#")
    assert "of 4 files" not in term.text()
    lock.release()
    term.line("select 'here ' || 'still' as x;")
    term.wait_for("here still")


def test_figures_grow_and_are_those_of_the_server(term):
    """Six million rows take longer than a second."""
    term.line("copy grown from 's3://watch/big/' iam_role default;")
    term.wait_for_pattern(
        r"^copy grown +\d\d?%  [\d.]+ MiB of 1\d\d\.\d MiB  .*MiB/s"
        r".*  [0-3] of 4 files  [\d,]{5,} rows")
    term.wait_for("completed, 6000000 record(s) loaded")
    term.wait_for_line("dev=#")
    assert "of 4 files" not in term.text()


def test_unload_tells_rows_and_bytes(term):
    term.line("unload ('select * from grown') to 's3://watch/out/' iam_role "
              "default;")
    term.wait_for_pattern(r"^unload  [\d.]+ MiB.*  2 files  [\d,]{5,} rows")
    term.wait_for("6000000 record(s) unloaded")
    term.wait_for_line("dev=#")
    assert "2 files" not in term.text()


def test_off_is_off(term, store):
    term.line("\\set LOAD_PROGRESS maybe")
    term.wait_for("Boolean expected")
    term.line("\\set LOAD_PROGRESS off")
    lock = Lock(store, "held")
    term.line(COPY + ";")
    watcher = connect(store)
    cursor = watcher.cursor()
    seen = 0
    while seen < 20:
        cursor.execute("select count(*) from stv_load_state")
        seen += cursor.fetchone()[0]
    cursor.execute("select count(*) from stv_sessions where user_name like"
                   " 'awsuser%'")
    assert cursor.fetchone()[0] == 3  # the shell, the lock and the watcher
    watcher.close()
    lock.release()
    term.wait_for("completed, 4 record(s) loaded")
    assert "of 4 files" not in term.text()


def test_a_script_shows_none_and_asks_nothing(store):
    done = subprocess.run(
        [REDSH, f"--sandbox={store.folder}", "-X", "-c",
         "copy grown from 's3://watch/big/0' iam_role default"],
        env=store.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "COPY\n"
    assert "%" not in done.stderr and "\r" not in done.stderr
    asked = store.redsh("-Atqc", "select count(*) from sys_query_history where"
                        " query_text like '%num_files_complete%' and"
                        " query_text not like '%sys_query_history%'")
    before = int(asked)
    assert before > 0
    subprocess.run([REDSH, f"--sandbox={store.folder}", "-X", "-c",
                    "copy grown from 's3://watch/big/0' iam_role default"],
                   env=store.env, capture_output=True, check=True)
    asked = store.redsh("-Atqc", "select count(*) from sys_query_history where"
                        " query_text like '%num_files_complete%' and"
                        " query_text not like '%sys_query_history%'")
    assert int(asked) == before


QUEUE = """
set allow_system_table_mods = on;
alter view pg_catalog.sys_query_history rename to gone_query_history;
alter view pg_catalog.stv_wlm_query_state rename to gone_query_state;
alter view pg_catalog.stv_wlm_query_queue_state rename to gone_queue_state;
create view pg_catalog.sys_query_history as select pid as session_id,
    'queued'::char(10) as status, 77::bigint as transaction_id,
    now()::timestamp as start_time from pg_stat_get_activity(null);
create view pg_catalog.stv_wlm_query_state as
    select 77 as xid, 5 as task union all select 78, 4;
create view pg_catalog.stv_wlm_query_queue_state as
    select 4 as task, 1 as position union all select 5, 2;
grant select on pg_catalog.sys_query_history, pg_catalog.stv_wlm_query_state,
    pg_catalog.stv_wlm_query_queue_state to public;
"""
NO_QUEUE = """
set allow_system_table_mods = on;
drop view pg_catalog.sys_query_history, pg_catalog.stv_wlm_query_state,
    pg_catalog.stv_wlm_query_queue_state;
alter view pg_catalog.gone_query_history rename to sys_query_history;
alter view pg_catalog.gone_query_state rename to stv_wlm_query_state;
alter view pg_catalog.gone_queue_state rename to stv_wlm_query_queue_state;
"""


def below(store, sql):
    """Below the gateway, where the views can be those of a busy cluster."""
    db = psycopg2.connect(host=store.folder + "/pg", user="rdsdb",
                          dbname="dev")
    db.autocommit = True
    db.cursor().execute(sql)
    db.close()


def test_who_waits_in_the_queue_is_told_the_place(term, store):
    below(store, QUEUE)
    lock = Lock(store, "held")
    try:
        term.line(COPY + ";")
        term.wait_for_pattern(r"^copy held  waits in the queue, place 2  "
                              r"\d+ s$")
    finally:
        below(store, NO_QUEUE)
    term.wait_for("0 of 4 files")
    lock.release()
    term.wait_for("completed, 4 record(s) loaded")
    term.wait_for_line("dev=#")
    assert "queue" not in term.text()


@pytest.fixture(scope="module")
def serverless(home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("serverless")
    folder.chmod(0o755)
    running = Sandbox(folder / "box", home, "--kind", "serverless")
    yield running
    running.stop()


def test_a_serverless_workgroup_has_other_views(serverless, home, tmp_path):
    serverless.redsh("-q", "-f", "-", text=f"""
\\s3mb s3://watch
\\s3put {home}/part0 s3://watch/many/part0
create table held (a int, b varchar(9));
""")
    lock = Lock(serverless, "held")
    env = dict(serverless.env, XDG_STATE_HOME=str(tmp_path))
    with serverless.terminal("-X", env=env, rows=30, columns=130) as term:
        term.wait_for_line("dev=#")
        term.line(COPY + ";")
        term.wait_for_pattern(
            r"^copy held +0%  0 B of 4 B  0 of 1 file  \d+ s$")
        lock.release()
        term.wait_for("completed, 1 record(s) loaded")
