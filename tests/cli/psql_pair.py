"""Runs one case under psql and under redsh called `psql`, and tells what each
did. Cases run ahead of the tests that look at them, in as many lanes as there
are processors; a lane is a database and a folder of its own.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import queue
import re
import shlex
import shutil
import subprocess

import psycopg2

from private_postgres import BIN, Server

PSQL = os.environ.get("PSQL", str(BIN / "psql"))
SECONDS = 60
LANES = ("postgres", "second")

# Everything a case may leave in its database.
RESET = """
do $$
declare each name;
begin
  for each in select nspname from pg_namespace
   where nspname !~ '^pg_' and nspname <> 'information_schema'
  loop execute format('drop schema %I cascade', each); end loop;
end $$;
create schema public;
"""

# What differs from run to run whoever runs it.
MASKS = (
    (re.compile(rb"(?:psql|redsh)\.edit\.\w+\.sql"), b"edit.#.sql"),
    (re.compile(rb"(?<=server process with PID )\d+"), b"#"),
    (re.compile(rb"^Time: [0-9.]+ ms.*$", re.M), b"Time: #"),
    (re.compile(rb"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d \d{4}"
                rb"(?= \(every)"), b"#"),
)


@dataclasses.dataclass
class Case:
    """Arguments, standard input, and files laid ready."""
    name: str
    args: list
    stdin: bytes = b""
    files: tuple = ()
    env: dict = dataclasses.field(default_factory=dict)
    together: bool = False      # both streams into one, in their order


@dataclasses.dataclass
class Did:
    """What one program did."""
    code: int
    stdout: bytes
    stderr: bytes
    files: dict


class Lane:
    """A database, a folder, and a connection that cleans up between runs."""

    def __init__(self, server, folder, database, locales):
        self.server = server
        self.locales = locales
        self.folder = folder / database
        self.folder.mkdir()
        self.database = database
        self.connection = None

    def reset(self):
        if self.connection is None:
            self.connection = psycopg2.connect(
                host=str(self.server.dir), user="tester",
                dbname=self.database,
                options="-c client_min_messages=error")
            self.connection.autocommit = True
        with self.connection.cursor() as cursor:
            cursor.execute(RESET)

    def environment(self, more):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "work"),
            "LC_ALL": "C.UTF-8",
            "PGHOST": str(self.server.dir),
            "PGUSER": "tester",
            "PGDATABASE": self.database,
            "PAGER": "cat",
            "PSQL_EDITOR": "sed -i s/1/7/",
            "FROM_ENV": "from the environment",
            "SHELL": "/bin/sh",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if any(name.startswith("LC_") for name in more):
            environment["LOCPATH"] = str(self.locales)
            # The C library forgets what it made of LOCPATH.
            environment["ASAN_OPTIONS"] = "detect_leaks=0"
        environment.update(more)
        return {name: text for name, text in environment.items() if text}

    def run(self, program, case):
        work = self.folder / "work"     # of one name: it shows in texts
        work.mkdir()
        for name, text in case.files:
            (work / name).write_bytes(text)
            (work / name).chmod(0o600)      # libpq wants it of .pgpass
        self.reset()
        extra = shlex.split(os.environ.get("COMPARE_OPTIONS", ""))
        errors = subprocess.STDOUT if case.together else subprocess.PIPE
        done = subprocess.run([program, "-X", *extra, *case.args],
                              input=case.stdin, cwd=work,
                              env=self.environment(case.env),
                              stdout=subprocess.PIPE, stderr=errors,
                              timeout=SECONDS,
                              check=False, start_new_session=True)
        files = {str(path.relative_to(work)): masked(path.read_bytes())
                 for path in sorted(work.rglob("*")) if path.is_file()}
        shutil.rmtree(work)
        # getopt says argv[0] as it was given.
        errors = (done.stderr or b"").replace(os.fsencode(program), b"psql")
        return Did(done.returncode, masked(done.stdout), masked(errors),
                   files)


def masked(text):
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


class Pair:
    """The two programs, their server, and the cases under way."""

    def __init__(self, folder, ours, locales):
        self.ours = ours
        self.server = Server()
        self.lanes = queue.Queue()
        connection = psycopg2.connect(host=str(self.server.dir),
                                      user="tester", dbname="postgres")
        connection.autocommit = True
        for database in LANES[1:]:
            connection.cursor().execute(f"create database {database}")
        self.lock_a_door(connection)
        connection.close()
        for database in LANES:
            self.lanes.put(Lane(self.server, folder, database, locales))
        self.pool = concurrent.futures.ThreadPoolExecutor(len(LANES))
        self.under_way = {}

    def lock_a_door(self, connection):
        """The role "locked" needs its password, which is "sesame"."""
        rules = self.server.dir / "data" / "pg_hba.conf"
        rules.write_text("local all locked scram-sha-256\n"
                         + rules.read_text())
        connection.cursor().execute(
            "create role locked login password 'sesame'")
        connection.cursor().execute("select pg_reload_conf()")

    def start(self, case):
        self.under_way[case.name] = self.pool.submit(self.both, case)

    def both(self, case):
        lane = self.lanes.get()
        try:
            return lane.run(PSQL, case), lane.run(self.ours, case)
        finally:
            shutil.rmtree(lane.folder / "work", ignore_errors=True)
            self.lanes.put(lane)

    def outcome(self, case):
        return self.under_way.pop(case.name).result()

    def stop(self):
        self.pool.shutdown(cancel_futures=True)
        self.server.stop()
