"""The editor in a terminal that wraps old rows anew when its width changes:
tmux, where it is installed."""

import os
import shutil
import subprocess
import tempfile
import time

import pytest

from terminal import PATIENCE, REDSH, environment

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None,
                                reason="tmux is not installed")


class Tmux:
    def __init__(self, folder, columns, rows):
        self.base = ["tmux", "-S", os.path.join(folder, "socket"), "-f",
                     "/dev/null"]
        self.env = environment(folder, TERM="tmux-256color")
        self.call("new-session", "-d", "-x", str(columns), "-y", str(rows),
                  f"'{REDSH}' -X --offline")

    def call(self, *args):
        return subprocess.run([*self.base, *args], env=self.env, check=True,
                              capture_output=True, text=True).stdout

    def keys(self, *names):
        self.call("send-keys", *names)

    def text(self, *args):
        return self.call("capture-pane", "-p", *args).rstrip()

    def wait_for(self, true, what):
        end = time.monotonic() + PATIENCE
        while not true(self.text()):
            assert time.monotonic() < end, f"{what}:\n{self.text()}"
            time.sleep(0.02)


@pytest.fixture
def tmux():
    folder = tempfile.mkdtemp(prefix="redsh-tmux-")
    running = Tmux(folder, 70, 20)
    try:
        running.wait_for(lambda text: text.endswith("=>"), "no prompt")
        yield running
    finally:
        running.call("kill-server")
        shutil.rmtree(folder, ignore_errors=True)


ONE = "select 'a literal that is long enough to be wrapped' as one,"


def shown(columns):
    """The rows of the statement on a screen so wide."""
    line = "offline=> " + ONE
    rows = [line[at:at + columns].rstrip() for at in
            range(0, len(line), columns)]
    return "\n".join([*rows, "offline-> 'two'"])


def test_the_frame_is_drawn_anew_and_nothing_else_changes(tmux):
    tmux.keys("\\echo above", "Enter")
    tmux.wait_for(lambda text: "\nabove\n" in text, "no echo")
    tmux.keys(ONE, "Enter", "'two'")
    tmux.wait_for(lambda text: text.endswith(shown(70)), "not typed")
    for columns in (40, 90, 30, 55, 70, 69, 71, 20, 100):
        tmux.call("resize-window", "-x", str(columns), "-y", "20")
        tmux.wait_for(lambda text, wide=columns: text.endswith(
            "\nabove\n" + shown(wide)), f"not as at {columns}")
        # tmux alone may have wrapped it so: the editor has to know as well.
        tmux.keys("x")
        tmux.wait_for(lambda text: text.endswith("'two'x"), "no x")
        tmux.keys("BSpace")
        tmux.wait_for(lambda text, wide=columns: text.endswith(
            "\nabove\n" + shown(wide)), f"not as at {columns}")
    # Nothing of the old frames was scrolled away.
    everything = tmux.text("-S", "-", "-J")
    assert everything.count("'two'") == 1
    assert everything.count("a literal") == 1


def test_a_change_of_height_keeps_the_text(tmux):
    tmux.keys("select 1,", "Enter", "2,", "Enter", "3")
    tmux.wait_for(lambda text: text.endswith("offline-> 3"), "not typed")
    for rows in (10, 5, 20):
        tmux.call("resize-window", "-x", "70", "-y", str(rows))
        tmux.wait_for(lambda text: text.endswith(
            "offline=> select 1,\noffline-> 2,\noffline-> 3"),
            f"not as with {rows} rows")
