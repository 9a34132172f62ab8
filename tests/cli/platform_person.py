"""A person with \\platform against the sandbox, for several test files."""

import os
import re
import signal
import subprocess

POLL = "--poll 50ms"
STEP_MS = 40        # of a resource

COMMON = ["Network", "PrivateSubnetA", "PrivateSubnetB", "PrivateSubnetC",
          "PrivateRoutes", "PrivateRoutesA", "PrivateRoutesB",
          "PrivateRoutesC", "DataEndpoint", "WarehouseGroup", "DataBucket",
          "DataBucketPolicy", "CopyRole"]
CLUSTER = COMMON + ["ClusterSubnets", "ClusterParameters", "Cluster"]
SERVERLESS = COMMON + ["Namespace", "Workgroup"]
KINDS = {"cluster": ("", CLUSTER), "serverless": ("--serverless", SERVERLESS)}


class Person:
    def __init__(self, sandbox, home):
        self.sandbox = sandbox
        self.home = home
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "XDG_"))}
        self.env |= sandbox.env | {"HOME": str(home)}

    def start(self, *commands):
        words = [os.path.abspath(os.environ["REDSH"]), "-X", "-At", "-v",
                 "ON_ERROR_STOP=1"]
        for command in commands:
            words += ["-c", command]
        return subprocess.Popen(words, cwd=self.home, env=self.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL)

    def run(self, *commands, fails=False):
        process = self.start(*commands)
        out, told = process.communicate(timeout=300)
        assert (process.returncode != 0) == fails, out + told
        assert "Sanitizer" not in told
        return out, told

    def interrupt(self, command, line):
        """Ctrl-C as soon as it has said the line."""
        process = self.start(command)
        told = ""
        while not re.search(line, told):
            one = process.stderr.readline()
            if not one:
                break
            told += one
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=60)[1]
        return told + rest, process.returncode

    def status(self):
        """Of the stack, or None."""
        process = self.start(r"\platform status sales")
        told = process.communicate(timeout=60)[1]
        found = re.search(r"\(([A-Z_]+)\)", told)
        return found[1] if found else None

    def clean(self):
        self.sandbox.call("fault", "clear")
        process = self.start(rf"\platform create sales --yes {POLL}")
        process.communicate(timeout=120)
        self.run(rf"\platform delete sales --yes sales --with-data {POLL}")


def begin(me, kind="cluster"):
    me.run(rf"\platform init sales --cidr 10.20.0.0/16 {KINDS[kind][0]}")
    return KINDS[kind][1]


def set_parameter(me, name, value):
    path = me.home / "sales/platform.conf"
    text = re.sub(rf"^#? ?{name} =.*$", f"{name} = {value}",
                  path.read_text(), flags=re.M)
    path.write_text(text)
