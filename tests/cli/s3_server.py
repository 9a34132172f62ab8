"""The sandbox's AWS endpoints alone, for one test file: quick to start, as
there is no database behind them."""

import os
import pathlib
import shlex
import subprocess
import tempfile


class S3Server:
    """Runs from its making to stop()."""

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="s3s", dir="/tmp"))
        self.process = None
        self.env = {}
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [os.environ.get("S3_SERVE", "tests/peer/s3_serve"), self.dir],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.env = {}
        while len(self.env) < 4:
            line = self.process.stdout.readline()
            assert line, "s3_serve ended"
            name, value = shlex.split(line)[1].split("=", 1)
            self.env[name] = value

    def fault(self, *words, fails=False):
        """redsh-sandbox fault; what it printed, or complained of."""
        done = subprocess.run(
            [os.path.abspath(os.environ["REDSH_SANDBOX"]), "fault", *words,
             "--dir", self.dir], capture_output=True, check=False, text=True,
            stdin=subprocess.DEVNULL)
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else done.stdout

    def restart(self):
        """Ended in order, and started on the same folder."""
        self.process.communicate()
        assert self.process.returncode == 0
        self.start()

    def stop(self):
        self.process.communicate()
        subprocess.run(["rm", "-rf", self.dir], check=True)
        assert self.process.returncode == 0
