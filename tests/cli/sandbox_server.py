"""A sandbox of our own for one test file, and connections to it."""

import os
import pathlib
import shlex
import subprocess
import tempfile

import psycopg2


class Sandbox:
    """Runs from its making to stop(); options go to redsh-sandbox start."""

    def __init__(self, *options):
        self.program = os.path.abspath(os.environ["REDSH_SANDBOX"])
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rss", dir="/tmp"))
        self.call("start", *options)
        self.env = {}
        for line in self.call("env").splitlines():
            for word in shlex.split(line)[1:]:
                name, value = word.split("=", 1)
                self.env[name] = value

    def call(self, verb, *options):
        done = subprocess.run([self.program, verb, "--dir", self.dir,
                               *options], capture_output=True, check=False,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def connect(self, user=None, password=None):
        """Autocommit; as the sandbox's first user unless another is named."""
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.env["PGPORT"], sslmode="require",
            sslrootcert=self.env["PGSSLROOTCERT"],
            user=user or self.env["PGUSER"], dbname=self.env["PGDATABASE"],
            password=password or self.env["PGPASSWORD"])
        connection.autocommit = True
        return connection

    def stop(self):
        self.call("stop")
        subprocess.run(["rm", "-rf", self.dir], check=True)
