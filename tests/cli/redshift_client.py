"""A client of Redshift's protocol in the plainest form, for tests: it sends
what it is told, also what no driver would send, and keeps all that came back.

It knows the answers that clients owe: md5 (code 5), Redshift's digest (13)
and the token of an identity provider (14).
"""

import hashlib
import os
import re
import socket
import ssl
import struct
import subprocess
import tempfile

SANDBOX = os.path.abspath(os.environ["REDSH_SANDBOX"])


class Refused(Exception):
    """An ErrorResponse: its fields by letter."""

    def __init__(self, fields):
        super().__init__("%s %s" % (fields.get("C"), fields.get("M")))
        self.fields = fields
        self.sqlstate = fields.get("C")
        self.message = fields.get("M")


def fields_of(body):
    return {part[:1].decode(): part[1:].decode()
            for part in body.split(b"\0") if part}


class Result:
    """What one statement answered."""

    def __init__(self):
        self.columns = None
        self.types = None
        self.rows = []
        self.tag = None
        self.notices = []
        self.error = None

    def text(self):
        """INFO lines, then rows, the tag, or SQLSTATE and message."""
        said = [n["S"] + ": " + n["M"] for n in self.notices
                if n["S"] in ("INFO", "WARNING")]
        if self.error:
            said.append(self.error["C"] + " " + self.error["M"])
        elif self.columns is not None:
            said.append(" / ".join(
                "|".join("NULL" if v is None else v for v in row)
                for row in self.rows))
        else:
            said.append(self.tag or "")
        return " + ".join(said)


def text(*parts):
    return b"".join(part.encode() + b"\0" for part in parts)


class Client:
    """settings: start-up parameters beyond user and database; None for the
    user: left out."""

    def __init__(self, port, user, password="", database="dev", tls=True,
                 token=None, settings=None, host="127.0.0.1"):
        self.password = password
        self.user = user
        self.token = token
        self.asked = []         # authentication codes
        self.parameters = {}
        self.notices = []
        self.sock = socket.create_connection((host, port))
        self.sock.settimeout(60)
        self.buffer = b""
        try:
            if tls:
                self.start_tls()
            self.log_in(database, settings or {})
        except BaseException:
            self.sock.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.send(b"X")
        except OSError:
            pass
        self.sock.close()

    def start_tls(self):
        self.sock.sendall(struct.pack("!ii", 8, 80877103))
        assert self.sock.recv(1) == b"S"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.sock = context.wrap_socket(self.sock)

    def exact(self, count):
        while len(self.buffer) < count:
            more = self.sock.recv(65536)
            if not more:
                raise ConnectionError("the server closed")
            self.buffer += more
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read(self):
        head = self.exact(5)
        return head[:1], self.exact(struct.unpack("!i", head[1:])[0] - 4)

    def send(self, kind, body=b""):
        self.sock.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def log_in(self, database, settings):
        body = struct.pack("!i", 196608)
        if self.user is not None:
            body += text("user", self.user)
        body += text("database", database)
        for name, value in settings.items():
            body += text(name, value)
        body += b"\0"
        self.sock.sendall(struct.pack("!i", len(body) + 4) + body)
        while True:
            kind, body = self.read()
            if kind == b"R":
                self.answer(body)
            elif kind == b"S":
                name, value = body[:-1].split(b"\0")
                self.parameters[name.decode()] = value.decode()
            elif kind == b"K":
                self.pid, self.key = struct.unpack("!ii", body)
            elif kind == b"N":
                self.notices.append(fields_of(body))
            elif kind == b"E":
                raise Refused(fields_of(body))
            elif kind == b"Z":
                return

    def answer(self, body):
        code = struct.unpack("!i", body[:4])[0]
        self.asked.append(code)
        if code == 5:
            inner = hashlib.md5(
                (self.password + self.user).encode()).hexdigest()
            outer = hashlib.md5(inner.encode() + body[4:8]).hexdigest()
            self.send(b"p", text("md5" + outer))
        elif code == 13:
            self.send(b"d", self.digest(body[4:]))
        elif code == 14:
            token = (self.token or "").encode()
            self.send(b"i", token + b"\0")
        else:
            assert code == 0, code

    def digest(self, body):
        algorithm, size = struct.unpack("!ii", body[:8])
        assert algorithm == 0
        salt, rest = body[8:8 + size], body[8 + size:]
        size = struct.unpack("!i", rest[:4])[0]
        nonce = rest[4:4 + size]
        mine = b"1700000000000"
        digest = hashlib.sha256(
            hashlib.sha256(self.password.encode() + salt).digest()
            + nonce + mine).digest()
        return (struct.pack("!i", len(digest)) + digest +
                struct.pack("!i", len(mine)) + mine)

    def query(self, sql):
        """One Query message; the last statement's result."""
        self.send(b"Q", sql.encode() + b"\0")
        result = Result()
        while True:
            kind, body = self.read()
            if kind == b"T":
                result.columns, result.types = self.described(body)
                result.rows = []
            elif kind == b"D":
                result.rows.append(self.row(body))
            elif kind == b"C":
                result.tag = body[:-1].decode()
            elif kind == b"N":
                result.notices.append(fields_of(body))
            elif kind == b"E":
                result.error = fields_of(body)
            elif kind == b"S":
                name, value = body[:-1].split(b"\0")
                self.parameters[name.decode()] = value.decode()
            elif kind == b"Z":
                self.status = body.decode()
                return result

    @staticmethod
    def described(body):
        names, types, at = [], [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            end = body.index(b"\0", at)
            names.append(body[at:end].decode())
            types.append(struct.unpack("!i", body[end + 7:end + 11])[0])
            at = end + 19
        return names, types

    @staticmethod
    def row(body):
        values, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            size = struct.unpack("!i", body[at:at + 4])[0]
            at += 4
            if size < 0:
                values.append(None)
            else:
                values.append(body[at:at + size].decode())
                at += size
        return values


class Sandbox:
    """One sandbox in a folder of its own."""

    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="redsh")
        self.dir = os.path.join(self.folder.name, "sandbox")
        self.start(*options)

    def start(self, *options):
        self.call("start", *options)
        self.env = dict(re.findall(r"^export (\w+)='(.*)'$",
                                   self.call("env"), re.M))
        self.port = int(self.env["PGPORT"])

    def call(self, verb, *options):
        done = subprocess.run([SANDBOX, verb, "--dir", self.dir, *options],
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def connect(self, user=None, password=None, **more):
        if user is None:
            user = self.env["PGUSER"]
            password = self.env["PGPASSWORD"]
        return Client(self.port, user, password or "", **more)

    def stop(self):
        self.call("stop")
        self.folder.cleanup()


def statements_of(sql):
    """Cuts at semicolons outside of quotes, dollar quotes and names."""
    pieces = re.split(
        r"""((?:'(?:[^'\\]|\\.)*'|"[^"]*"|\$\$.*?\$\$|[^;'"$]|\$)+)""", sql,
        flags=re.S)
    return [piece.strip() for piece in pieces if piece.strip(" ;\n")]


def read_rows(path):
    """The rows of a table: lists of cells; # begins a comment."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    return [line.split("\t") for line in lines[1:]
            if line and not line.startswith("#")]
