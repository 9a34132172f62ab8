"""A load of local files that is killed, interrupted or cut off at any moment:
afterwards the table is as it was or fully loaded, and nothing of ours is in S3
that no note names. \\staged --remove then takes all of it away."""

import os
import random
import signal
import socket
import threading
import time

import pytest

from stage_sandbox import Person, Stage

HELD_MS = 1000      # of a request, so that the end comes in the middle of it
BEFORE = [(1, "there")]
ROWS = 40_000


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(stage, tmp_path):
    stage.fault("clear")
    stage.sql("drop table if exists t")
    stage.sql("create table t (a int, b varchar(100))")
    stage.sql("insert into t values (1, 'there')")
    person = Person(stage, tmp_path)
    draw = random.Random(7)
    # In two pieces: it does not get much smaller.
    with open(tmp_path / "a.csv", "w", encoding="utf-8") as file:
        for number in range(ROWS):
            file.write(f"{number},{draw.randbytes(40).hex()}\n")
    yield person
    stage.fault("clear")
    for key in stage.keys():
        stage.s3("DELETE", "/lake/" + key)


def count(stage):
    return stage.sql("select count(*) from t")[0][0]


def check(stage, me, replaced=False):
    """What must be true whatever happened, and that it can be cleaned up."""
    time.sleep(HELD_MS * 1.3 / 1000)    # what was held has come through
    full = ROWS if replaced else ROWS + 1
    assert count(stage) in (1, full)
    noted = me.noted()
    for key in stage.keys():
        assert any(key.startswith(folder) for folder in noted), key
    stage.fault("clear")
    me.run(r"\staged --remove")
    assert not stage.keys()
    assert stage.uploads() == 0
    assert not me.notes()
    # The next load is none the worse.
    stage.sql("delete from t")
    me.run(r"\copyfrom t a.csv csv")
    assert count(stage) == ROWS
    assert not stage.keys() and not me.notes()


def acted(stage):
    """Has the rule of the fault acted?"""
    lines = stage.fault("list").splitlines()[1:]
    return all(line.split("\t")[6] != "0" for line in lines)


WAYS = [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

HELD = f"delay={HELD_MS}"
REQUESTS = [
    ("the first piece", ["--op", "PutObject", "--key", "stage/*.gz", HELD]),
    ("the second piece", ["--op", "PutObject", "--key", "stage/*.gz",
                          "--skip", "1", HELD]),
    ("a piece that is kept", ["--op", "PutObject", "--key", "stage/*.gz",
                              "stall-reply"]),
    ("the manifest", ["--op", "PutObject", "--key", "*manifest", HELD]),
    ("the manifest, kept", ["--op", "PutObject", "--key", "*manifest",
                            "stall-reply"]),
    ("what is to be removed", ["--op", "ListObjectsV2", HELD]),
    ("the removal", ["--op", "DeleteObjects", HELD]),
    ("the removal, done", ["--op", "DeleteObjects", "stall-reply"]),
]


@pytest.mark.parametrize("way", WAYS[:2], ids=lambda way: way.name)
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda what: what[0])
def test_killed_while_s3_is_asked(stage, me, request_, way):
    stage.fault("add", *request_[1])
    with me.start(r"\copyfrom t a.csv csv") as process:
        me.wait(lambda: acted(stage) or process.poll() is not None)
        assert process.poll() is None
        process.send_signal(way)
        process.communicate(timeout=60)
    check(stage, me)


class Lock:
    """Keeps the table from others, so that COPY waits."""

    def __init__(self, stage):
        self.stage = stage
        self.holder = stage.sandbox.connect()
        self.holder.autocommit = False
        with self.holder.cursor() as cursor:
            cursor.execute("lock t")

    def has_waiter(self):
        return self.stage.sql(
            "select count(*) from pg_locks where not granted")[0][0] > 0

    def release(self):
        self.holder.rollback()
        self.holder.close()


@pytest.mark.parametrize("switch", ["", "--replace"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_killed_while_copy_runs(stage, me, way, switch):
    lock = Lock(stage)
    with me.start(rf"\copyfrom {switch} t a.csv csv") as process:
        me.wait(lambda: lock.has_waiter() or process.poll() is not None)
        assert process.poll() is None
        process.send_signal(way)
        process.communicate(timeout=60)
    lock.release()
    me.wait(lambda: not Waiting(stage).any())
    check(stage, me, replaced=bool(switch))


class Waiting:
    """Statements of others that are still running."""

    def __init__(self, stage):
        self.stage = stage

    def any(self):
        return self.stage.sql("select count(*) from pg_locks where "
                              "not granted")[0][0] > 0


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGINT],
                         ids=lambda way: way.name)
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment(stage, me, seed, way):
    after = random.Random(seed).random() * 1.5
    with me.start(r"\copyfrom --replace t a.csv csv") as process:
        time.sleep(after)
        process.send_signal(way)
        process.communicate(timeout=60)
    check(stage, me, replaced=True)


# --- the other side goes ---

def backend(stage):
    """The session that waits for the table."""
    return stage.sql("select pid from pg_locks where not granted")[0][0]


def test_the_server_ends_the_session(stage, me):
    lock = Lock(stage)
    with me.start(r"\copyfrom t a.csv csv") as process:
        me.wait(lambda: lock.has_waiter() or process.poll() is not None)
        stage.sql(f"select pg_terminate_backend({backend(stage)})")
        said = b"".join(process.communicate(timeout=60)).decode()
    lock.release()
    assert process.returncode != 0
    assert r"\staged --remove" in said
    assert len(me.notes()) == 1
    check(stage, me)


class Wire:
    """Between the program and the server; can be cut."""

    def __init__(self, port):
        self.target = ("127.0.0.1", int(port))
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.ends = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            self.ends += [client, server]
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self.pass_on, args=pair,
                                 daemon=True).start()

    @staticmethod
    def pass_on(one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass

    def cut(self):
        self.door.close()
        for end in self.ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


@pytest.mark.parametrize("switch", ["", "--replace", "--create"])
def test_the_network_to_the_server_breaks(stage, me, switch):
    wire = Wire(me.env["PGPORT"])
    me.env["PGPORT"] = str(wire.port)
    lock = Lock(stage)
    with me.start(rf"\copyfrom {switch} t a.csv csv") as process:
        me.wait(lambda: lock.has_waiter() or process.poll() is not None)
        assert process.poll() is None
        wire.cut()
        said = b"".join(process.communicate(timeout=60)).decode()
    lock.release()
    me.env["PGPORT"] = stage.env["PGPORT"]
    assert process.returncode != 0
    assert "is not known" in said and r"\staged --remove" in said
    assert len(me.notes()) == 1
    me.wait(lambda: not Waiting(stage).any())
    check(stage, me, replaced=switch == "--replace")


S3_BREAKS = [
    "--op PutObject --key stage/*.gz --count all no-reply",
    "--op PutObject --key stage/*.gz --count all status=403",
    "--op PutObject --key *manifest --count all no-reply",
    "--op PutObject --key *manifest --count all status=403",
    "--op DeleteObjects --count all status=403",
]


@pytest.mark.parametrize("fault", S3_BREAKS)
def test_s3_breaks(stage, me, fault):
    """To the end, not for a while."""
    stage.fault("add", *fault.split())
    me.env["AWS_MAX_ATTEMPTS"] = "1"
    with me.start(r"\copyfrom t a.csv csv") as process:
        process.communicate(timeout=300)
    del me.env["AWS_MAX_ATTEMPTS"]
    check(stage, me)


SURVIVED = [
    "--op PutObject --key stage/*.gz --count 3 status=503",
    "--op PutObject --key stage/*.gz --count 1 no-reply",
    "--op PutObject --key stage/*.gz --count 1 cut-request=1000",
    "--op PutObject --key stage/*.gz --count 1 corrupt-request=5000",
    "--op PutObject --key *manifest --count 1 reset",
    "--op DeleteObjects --count 1 status=500",
]


@pytest.mark.parametrize("fault", SURVIVED)
def test_s3_stumbles(stage, me, fault):
    """For a while: the load goes on, all rows come once."""
    stage.fault("add", *fault.split())
    me.run(r"\copyfrom --replace t a.csv csv")
    assert count(stage) == ROWS
    assert not stage.keys() and not me.notes()


def test_a_pipe_that_never_ends_is_interrupted(stage, me):
    """Ctrl-C while we wait for data: before, or in the middle of them."""
    for sent in (b"", b"1,x\n" * 200_000):
        read, write = os.pipe()
        with me.start(r"\copyfrom t - csv", stdin=read) as process:
            os.close(read)
            if sent:
                os.write(write, sent[:60_000])
                threading.Thread(target=pour, args=(write, sent[60_000:]),
                                 daemon=True).start()
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        if not sent:
            os.close(write)
        assert not stage.keys()
    check(stage, me)


def pour(write, data):
    try:
        while data:
            data = data[os.write(write, data):]
        time.sleep(30)
    except OSError:
        pass


def test_two_at_once_do_not_meet(stage, me):
    one = me.start(r"\copyfrom t a.csv csv")
    two = me.start(r"\copyfrom t a.csv csv", r"\staged")
    for process in (one, two):
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert count(stage) == 2 * ROWS + 1
    assert not stage.keys() and not me.notes()


def test_what_is_in_use_is_not_taken_away(stage, me):
    lock = Lock(stage)
    with me.start(r"\copyfrom t a.csv csv") as process:
        me.wait(lambda: lock.has_waiter() or process.poll() is not None)
        name = me.notes()[0].name
        assert "in use" in me.run(r"\staged")
        assert "in use" in me.run(rf"\staged --remove {name}", fails=True)
        me.run(r"\staged --remove")
        lock.release()
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert count(stage) == ROWS + 1
    assert not stage.keys() and not me.notes()
