"""A terminal with a program in it: keys in, screen out.

pexpect owns the pseudo terminal, pyte is the terminal's model. wait_for polls
the screen; no test sleeps for a fixed time.
"""

import os
import re
import subprocess
import time

import pexpect
import pyte

PATIENCE = float(os.environ.get("SCREEN_PATIENCE", "90"))

CTRL_A = "\x01"
CTRL_C = "\x03"
CTRL_D = "\x04"
CTRL_R = "\x12"
TAB = "\t"
ESC = "\x1b"
UP = "\x1b[A"
DOWN = "\x1b[B"
RIGHT = "\x1b[C"
LEFT = "\x1b[D"
PASTE_START = "\x1b[200~"
PASTE_END = "\x1b[201~"


def program(variable, name):
    return os.environ.get(variable) or name


REDSH = program("REDSH", "redsh")
REDSH_SANDBOX = program("REDSH_SANDBOX", "redsh-sandbox")


def environment(home, **more):
    """Nothing of the person's own settings reaches the program."""
    keep = ("PATH", "REDSH_SHARE", "ASAN_OPTIONS", "UBSAN_OPTIONS",
            "REDSH_SANDBOX", "TMPDIR")
    env = {name: os.environ[name] for name in keep if name in os.environ}
    env.update(HOME=str(home), TERM="xterm", LC_ALL="C.UTF-8",
               INPUTRC="/dev/null", PAGER="cat", AWS_EC2_METADATA_DISABLED="true")
    env.update(more)
    return {name: value for name, value in env.items() if value is not None}


class Terminal:
    def __init__(self, arguments, env, rows=24, columns=80, cwd=None):
        self.screen = pyte.HistoryScreen(columns, rows, history=10000)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        # echo must stay on: Readline takes a silent terminal for a password.
        self.child = pexpect.spawn(arguments[0], list(arguments[1:]), env=env,
                                   dimensions=(rows, columns), echo=True,
                                   timeout=PATIENCE, cwd=cwd)
        self.child.delaybeforesend = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        try:
            self.child.close(force=True)
        except pexpect.ExceptionPexpect:
            # Killed, and on a busy machine not gone a moment later.
            self.child.wait()

    def pump(self, seconds=0.05):
        """Reads what has come; False at the end of the output."""
        try:
            data = self.child.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.stream.feed(data)
        return True

    def send(self, keys):
        self.child.send(keys.encode() if isinstance(keys, str) else keys)

    def line(self, text):
        self.send(text + "\r")

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines()).rstrip()

    def cursor_line(self):
        """The line the cursor stands on."""
        return self.lines()[self.screen.cursor.y]

    def wait_until(self, true, what):
        end = time.monotonic() + PATIENCE
        alive = True
        while not true():
            if not alive or time.monotonic() > end:
                raise AssertionError(
                    f"{what}\n--- screen ---\n{self.text()}\n--- end ---")
            alive = self.pump()

    def wait_for(self, text):
        """Waits until the screen shows text."""
        self.wait_until(lambda: text in self.text(), f"no {text!r}")

    def wait_for_pattern(self, pattern):
        self.wait_until(lambda: re.search(pattern, self.text(), re.M),
                        f"nothing like {pattern!r}")

    def wait_for_line(self, text):
        """Waits until the cursor's line is text (blanks at its end aside)."""
        self.wait_until(lambda: self.cursor_line() == text.rstrip(),
                        f"the cursor's line is not {text!r}")

    def wait_for_prompt(self, pattern=r"^[a-z_]+=[#>] ?$"):
        self.wait_until(lambda: re.search(pattern, self.cursor_line()),
                        f"no prompt like {pattern!r}")

    def wait_for_end(self):
        """Waits until the program has ended; its exit status."""
        end = time.monotonic() + PATIENCE
        while self.pump():
            if time.monotonic() > end:
                raise AssertionError(f"still running:\n{self.text()}")
        self.child.close()
        return self.child.exitstatus


class Sandbox:
    """A sandbox of its own in a folder, started for a test file."""

    def __init__(self, folder, home, *options):
        self.folder = str(folder)
        self.env = environment(home)
        self.run("start", "--dir", self.folder, *options)

    def run(self, *arguments):
        done = subprocess.run([REDSH_SANDBOX, *arguments], env=self.env,
                              capture_output=True, text=True, timeout=300,
                              check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stop(self):
        self.run("stop", "--dir", self.folder)

    def redsh(self, *arguments, text=None):
        """Runs redsh without a terminal; its standard output."""
        done = subprocess.run(
            [REDSH, f"--sandbox={self.folder}", "-X", *arguments],
            env=self.env, input=text, capture_output=True, text=True,
            timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def terminal(self, *arguments, **options):
        return Terminal([REDSH, f"--sandbox={self.folder}", *arguments],
                        options.pop("env", self.env), **options)
