"""A sandbox and clients of it that say exactly what they are told to, byte by
byte, over the database's protocol 3 and over HTTP."""

import hashlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import re

SECONDS = 120  # an answer that takes longer is none
SSL_REQUEST = struct.pack("!II", 8, 80877103)
GSS_REQUEST = struct.pack("!II", 8, 80877104)


def message(kind, body=b""):
    return kind + struct.pack("!I", len(body) + 4) + body


def startup(*pairs, version=196608):
    """pairs: name and value in turn, as bytes."""
    body = struct.pack("!I", version) + b"\0".join(pairs) + b"\0\0"
    return struct.pack("!I", len(body) + 4) + body


# A program: PORT COUNT DATA, connections that say DATA and stay until its
# input ends.
FLOOD = """
import resource, socket, sys
port, count, data = int(sys.argv[1]), int(sys.argv[2]), eval(sys.argv[3])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
kept = []
for i in range(count):
    one = socket.create_connection(("127.0.0.1", port))
    try:
        one.sendall(data)
    except OSError:
        pass  # closed already
    kept.append(one)
print("there", flush=True)
sys.stdin.read()
"""


class Refused(Exception):
    """An ErrorResponse; fields: letters to texts."""

    def __init__(self, body):
        self.fields = {part[:1].decode(): part[1:].decode("utf-8", "replace")
                       for part in body.split(b"\0") if part}
        super().__init__(self.fields)

    @property
    def code(self):
        return self.fields["C"]


class Client:
    """A socket to the gateway."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """What the other side has hung up on already is lost, no more."""
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def end(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def read(self, count):
        """b"" when the connection has ended."""
        data = b""
        while len(data) < count:
            try:
                more = self.socket.recv(count - len(data))
            except ConnectionResetError:
                more = b""
            if not more:
                return b""
            data += more
        return data

    def receive(self):
        """Type and body of the next message; (None, b""): the end."""
        head = self.read(5)
        if not head:
            return None, b""
        length = struct.unpack("!I", head[1:])[0] - 4
        return head[:1], self.read(length) if length else b""

    def last_words(self):
        """All up to the end: the last error, or None."""
        refused = None
        while True:
            kind, body = self.receive()
            if kind is None:
                return refused
            if kind == b"E":
                refused = Refused(body)

    def until_ready(self):
        """Messages up to ReadyForQuery; an error is raised after that."""
        seen, refused = [], None
        while True:
            kind, body = self.receive()
            if kind is None:
                raise refused or ConnectionError("the gateway hung up")
            if kind == b"E":
                refused = Refused(body)
            seen.append((kind, body))
            if kind == b"Z":
                if refused:
                    raise refused
                return seen


def row(body):
    values, at = [], 2
    for _ in range(struct.unpack("!h", body[:2])[0]):
        length = struct.unpack("!i", body[at:at + 4])[0]
        at += 4
        values.append(None if length < 0 else body[at:at + length].decode())
        at += max(length, 0)
    return values


class Session(Client):
    """A client that has logged in."""

    def __init__(self, port, user, password, database="dev"):
        super().__init__(port)
        self.user, self.password = user.encode(), password.encode()
        self.send(startup(b"user", self.user, b"database",
                          database.encode()))
        kind, body = self.receive()
        assert kind == b"R" and body[:4] == b"\0\0\0\5", (kind, body)
        self.send(message(b"p", self.answer(body[4:8]) + b"\0"))
        self.until_ready()

    def answer(self, salt):
        inner = hashlib.md5(self.password + self.user).hexdigest().encode()
        return b"md5" + hashlib.md5(inner + salt).hexdigest().encode()

    def query(self, sql):
        self.send(message(b"Q", sql.encode() + b"\0"))
        return [row(body) for kind, body in self.until_ready()
                if kind == b"D"]


class Sandbox:
    """redsh-sandbox in a folder of its own, at ports that nobody else has;
    the environment as `redsh-sandbox env` tells it."""

    def __init__(self):
        self.program = os.environ["REDSH_SANDBOX"]
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rsb", dir="/tmp"))
        self.dir.chmod(0o711)
        self.restart()

    def restart(self):
        self.run("start", "--parameter", "require_ssl=false")
        self.env = dict(re.findall(r"export (\w+)='(.*)'", self.run("env")))
        self.port = int(self.env["PGPORT"])
        self.user, self.password = self.env["PGUSER"], self.env["PGPASSWORD"]

    def run(self, what, *args):
        return subprocess.run(
            [self.program, what, "--dir", str(self.dir / "s"), *args],
            check=True, capture_output=True, text=True,
            timeout=SECONDS).stdout

    def status(self):
        return self.run("status")

    def client(self):
        return Client(self.port)

    def session(self):
        return Session(self.port, self.user, self.password)

    def log(self):
        return (self.dir / "s" / "sandbox.log").read_text(errors="replace")

    def stop(self):
        self.run("stop")
        shutil.rmtree(self.dir)


class Bystander:
    """Another client, who asks the same again and again meanwhile and must
    get the right answer every time."""

    ROWS = 300
    SQL = "select count(*), sum(a.n) from crowd a, crowd b, (select 1) c"
    ANSWER = [[str(ROWS * ROWS), str(ROWS * ROWS * (ROWS + 1) // 2)]]

    def __init__(self, sandbox):
        self.session = sandbox.session()
        self.wrong = []
        self.asked = 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.ask)

    @classmethod
    def prepare(cls, session):
        values = ", ".join(f"({n})" for n in range(1, cls.ROWS + 1))
        session.query("create table crowd (n int)")
        session.query("insert into crowd values " + values)

    def ask(self):
        try:
            while not self.wrong:
                answer = self.session.query(self.SQL)
                if answer != self.ANSWER:
                    self.wrong.append(answer)
                self.asked += 1
                if self.stopped.is_set():
                    return
        except Exception as problem:  # told by whom the test is
            self.wrong.append(problem)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()
        self.session.socket.close()
        assert not self.wrong
        assert self.asked > 0
