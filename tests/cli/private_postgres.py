"""A PostgreSQL of our own for one test file, reached by a unix socket."""

import os
import pathlib
import pwd
import re
import shutil
import subprocess
import tempfile

BIN = pathlib.Path(os.environ.get("PGBIN", "/usr/lib/postgresql/15/bin"))


def psql_minor():
    """20 of packaged psql 15.20. Since 15.19 psql passes over the data of a
    COPY that failed, reads \\unrestrict's key as it is, and cuts bodies of
    functions otherwise."""
    program = os.environ.get("PSQL", str(BIN / "psql"))
    told = subprocess.run([program, "--version"], check=True,
                          capture_output=True, text=True).stdout
    return int(re.search(r"\) 15\.(\d+)", told)[1])


class Server:
    """A PostgreSQL of our own, reached by a unix socket only."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rsc", dir="/tmp"))
        self.user = None
        if os.getuid() == 0:
            # initdb refuses root.
            self.user = pwd.getpwnam("nobody").pw_name
            shutil.chown(self.dir, self.user)
        self.call("initdb", "-D", self.dir / "data", "-U", "tester", "-A",
                  "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        self.call("pg_ctl", "-D", self.dir / "data", "-w", "-l",
                  self.dir / "log", "-o",
                  f"-k {self.dir} -c listen_addresses= -F", "start")

    def call(self, program, *args):
        subprocess.run([BIN / program, *args], check=True, user=self.user,
                       cwd="/", stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)

    def stop(self):
        self.call("pg_ctl", "-D", self.dir / "data", "-w", "-m",
                  "immediate", "stop")
        shutil.rmtree(self.dir, ignore_errors=True)
