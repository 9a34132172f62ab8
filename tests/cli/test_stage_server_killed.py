"""The whole server dies without a word while COPY runs: the rows from before
are there when it is back, and what lies in S3 is named and can be removed."""

import contextlib
import os
import pathlib
import shlex
import signal

import pytest

from stage_sandbox import Person, Stage

ROWS = 5000


@pytest.fixture(name="stage")
def make_stage():
    running = Stage()
    running.sql("create table t (a int, b varchar(20))")
    running.sql("insert into t values (1, 'there')")
    yield running
    running.stop()


def kill_server(stage):
    """The gateway with S3, then PostgreSQL with all its sessions."""
    folder = stage.sandbox.dir
    postgres = (folder / "pg" / "postmaster.pid").read_text().split()[0]
    sessions = (pathlib.Path("/proc") / postgres / "task" / postgres
                / "children").read_text().split()
    for pid in ((folder / "lock").read_text(), postgres, *sessions):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def start_again(stage, person):
    sandbox = stage.sandbox
    stage.db.close()
    sandbox.call("start")
    for line in sandbox.call("env").splitlines():
        for word in shlex.split(line)[1:]:
            name, value = word.split("=", 1)
            sandbox.env[name] = value
    person.env |= sandbox.env
    stage.db = sandbox.connect()


@pytest.mark.parametrize("switch", ["", "--replace", "--swap"])
def test_the_server_is_killed(stage, tmp_path, switch):
    me = Person(stage, tmp_path)
    (tmp_path / "a.csv").write_text(
        "".join(f"{number},x\n" for number in range(ROWS)))
    holder = stage.sandbox.connect()
    holder.autocommit = False
    holder.cursor().execute("lock t")
    with me.start(rf"\copyfrom {switch} t a.csv csv") as process:
        me.wait(lambda: process.poll() is not None or stage.sql(
            "select count(*) from pg_locks where not granted")[0][0] > 0)
        assert process.poll() is None
        kill_server(stage)
        said = b"".join(process.communicate(timeout=60)).decode()
    assert process.returncode != 0
    assert r"\staged --remove" in said, said
    assert len(me.notes()) == 1
    start_again(stage, me)
    assert stage.sql("select * from t") == [(1, "there")]
    assert stage.keys() and all(
        any(key.startswith(folder) for folder in me.noted())
        for key in stage.keys())
    me.run(r"\staged --remove")
    assert not stage.keys() and not me.notes()
    me.run(rf"\copyfrom {switch} t a.csv csv")
    assert stage.sql("select count(*) from t")[0][0] == ROWS + (not switch)
