"""A shell that sits at its prompt asks the warehouse nothing, for good: a
serverless one would be billed for it."""

import os
import platform
import shlex
import socket
import threading

import pytest

from terminal import REDSH, TAB, Terminal, environment

# Calls that wait, by their number: which argument is the time-out, and its
# values that mean none.
NO_END = 0xffffffff
WAITS = {
    "x86_64": {0: None, 7: (2, NO_END), 202: (3, 0), 232: (3, NO_END),
               270: (4, 0), 271: (2, 0), 281: (3, NO_END)},
    "aarch64": {63: None, 22: (3, NO_END), 72: (4, 0), 73: (2, 0),
                98: (3, 0)},
}.get(platform.machine())


class Recorder:
    """Between shell and server: counts what the shell sends."""

    def __init__(self, port):
        self.port_behind = int(port)
        self.sent = 0
        self.connections = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self.port_behind))
            for ends in ((near, far, True), (far, near, False)):
                threading.Thread(target=self.copy, args=ends,
                                 daemon=True).start()

    def copy(self, source, target, counts):
        try:
            while data := source.recv(65536):
                if counts:
                    self.sent += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.server.close()


@pytest.fixture
def recorder(sandbox):
    words = shlex.split(sandbox.run("env", "--dir", sandbox.folder))
    said = dict(word.split("=", 1) for word in words if "=" in word)
    running = Recorder(said["PGPORT"])
    running.env = {name: value for name, value in said.items()
                   if name.startswith("PG")}
    running.env["PGPORT"] = str(running.port)
    yield running
    running.close()


def waits(pid):
    """For each thread: None while it runs, else whether it waits without an
    end."""
    found = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/syscall",
                  encoding="ascii") as file:
            words = file.read().split()
        if words[0] == "running":
            found.append(None)
            continue
        number = int(words[0])
        how = WAITS.get(number, (0, -1))
        found.append(how is None or
                     int(words[1 + how[0]], 16) & NO_END == how[1])
    return found


def test_an_idle_shell_sends_nothing(recorder, home):
    env = environment(home, **recorder.env)
    # Names are as good as old at once: an age that a timer would see.
    with Terminal([REDSH, "-X", "-v", "CATALOG_AGE=1ms"], env) as term:
        term.wait_for_prompt()
        term.line("create table if not exists idle_table (idle_column int);")
        term.wait_for("CREATE TABLE")
        term.wait_for_prompt()
        term.line("\\refresh")
        term.wait_for("Tab knows")
        term.wait_for_prompt()
        before = recorder.sent, recorder.connections
        assert before[0] > 0
        # Keys, Tab and suggestions go by the names that are known.
        term.send("select idle_c" + TAB)
        term.wait_for_pattern(r"idle_c")
        term.send(" from idle_t" + TAB)
        term.wait_until(lambda: "idle_table" in term.cursor_line(), "no Tab")
        assert (recorder.sent, recorder.connections) == before
        if WAITS is None or not os.access("/proc/self/syscall", os.R_OK):
            pytest.skip("no look at what the threads wait for")
        # No thread has a time-out: whatever hour it becomes, none wakes.
        term.wait_until(lambda: all(waits(term.child.pid)),
                        f"a thread that wakes: {waits(term.child.pid)}")
        assert len(waits(term.child.pid)) >= 2
        assert (recorder.sent, recorder.connections) == before


def test_the_recorder_sees_a_statement(recorder, home):
    env = environment(home, **recorder.env)
    with Terminal([REDSH, "-X", "--no-cache"], env) as term:
        term.wait_for_prompt()
        before = recorder.sent
        term.line("select 40 + 2 as answer;")
        term.wait_for("42")
        assert recorder.sent > before
