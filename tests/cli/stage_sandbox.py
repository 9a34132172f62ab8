"""A warehouse and its S3 in the sandbox, and one who stages files there."""

import json
import os
import signal
import subprocess
import time

from raw_aws import Endpoint
from sandbox_server import Sandbox

STAGE = "s3://lake/stage/"


def numbers(count):
    """For FROM: rows with n from 1 to count. generate_series is the leader
    node's, which makes no rows of tables."""
    digit = "(" + " union all ".join(f"select {d} as d" for d in range(10)) + ")"
    places = range(len(str(count - 1)))
    value = " + ".join(f"{10 ** place} * t{place}.d" for place in places)
    return (f"(select n from (select 1 + {value} as n from "
            + ", ".join(f"{digit} t{place}" for place in places)
            + f") t where n <= {count} order by n) numbers")


class Stage:
    """A sandbox with the bucket lake."""

    def __init__(self, *options):
        self.sandbox = Sandbox(*options)
        self.env = self.sandbox.env
        self.db = self.sandbox.connect()
        self.s3("PUT", "/lake")

    def s3(self, method, target, body=b""):
        return Endpoint(self).call(method, target, body)

    def keys(self, prefix=""):
        body = self.s3("GET", "/lake?list-type=2&prefix=" + prefix).body
        return [part.split("</Key>")[0]
                for part in body.decode().split("<Key>")[1:]]

    def uploads(self):
        return self.s3("GET", "/lake?uploads").body.count(b"<Upload>")

    def sql(self, text):
        with self.db.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall() if cursor.description else None

    def fault(self, *words):
        return self.sandbox.call("fault", *words)

    def stop(self):
        self.db.close()
        self.sandbox.stop()


class Person:
    """redsh in a home of its own."""

    def __init__(self, stage, home):
        self.stage = stage
        self.home = home
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "XDG_"))}
        self.env |= stage.env | {"HOME": str(home)}

    def start(self, *commands, staging=STAGE, **options):
        # A suite begun by nohup would leave SIGHUP without effect.
        words = ["env", "--default-signal=HUP",
                 os.path.abspath(os.environ["REDSH"]), "-X", "-v",
                 "ON_ERROR_STOP=1"]
        if staging:
            words += ["-v", "STAGING=" + staging]
        for command in commands:
            words += [command] if command.startswith(("-", "@")) else [
                "-c", command]
        return subprocess.Popen(
            words, cwd=self.home, env=self.env, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **({"stdin": subprocess.DEVNULL} | options))

    def run(self, *commands, fails=False, data=None, **options):
        """All that was said."""
        if data is not None:
            options["stdin"] = subprocess.PIPE
        with self.start(*commands, **options) as process:
            out, said = process.communicate(data, timeout=300)
        said = (out + said).decode()
        assert (process.returncode != 0) == fails, said
        assert "Sanitizer" not in said
        return said

    def notes(self):
        return sorted((self.home / ".local/state/redsh/staged").glob("*"))

    def noted(self):
        """The folders that the notes name, as prefixes of keys."""
        return [json.loads(note.read_text().splitlines()[0])["folder"]
                .removeprefix("s3://lake/") for note in self.notes()]

    def wait(self, ready):
        for _ in range(1200):
            if ready():
                return
            time.sleep(0.05)
        raise AssertionError("it never came")

    @staticmethod
    def interrupt(process):
        process.send_signal(signal.SIGINT)
