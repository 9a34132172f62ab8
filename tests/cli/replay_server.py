"""A server of PostgreSQL's protocol 3 that plays back bytes: what it answers
to each Query is given, cut into pieces of given sizes. For answers that no
real server can be made to give at will."""

import os
import pathlib
import socket
import ssl
import struct
import subprocess
import tempfile
import threading


def message(kind, body=b""):
    return kind + struct.pack("!I", len(body) + 4) + body


def text(value):
    return value.encode() + b"\0"


def columns(*names, oid=25):
    body = struct.pack("!H", len(names))
    for name in names:
        body += text(name) + struct.pack("!IhIhih", 0, 0, oid, -1, -1, 0)
    return message(b"T", body)


def row(*values):
    body = struct.pack("!H", len(values))
    for value in values:
        if value is None:
            body += struct.pack("!i", -1)
        else:
            value = value if isinstance(value, bytes) else value.encode()
            body += struct.pack("!i", len(value)) + value
    return message(b"D", body)


def fields(kind, **values):
    """An ErrorResponse (E) or NoticeResponse (N): letters to texts."""
    body = b"".join(key.encode() + text(value)
                    for key, value in values.items())
    return message(kind, body + b"\0")


def parameter(name, value):
    return message(b"S", text(name) + text(value))


def tag(words):
    return message(b"C", text(words))


READY = message(b"Z", b"I")
PARAMETERS = (("server_version", "15.0"), ("server_encoding", "UTF8"),
              ("client_encoding", "UTF8"),
              ("standard_conforming_strings", "on"))


class Replay:
    """Answers every Query with the next of the answers; pieces gives the
    sizes in which they are sent, repeated."""

    def __init__(self, answers, pieces=(1 << 20,), tls=False):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rsr", dir="/tmp"))
        self.answers = answers
        self.pieces = pieces
        self.queries = []
        self.context = self.make_context() if tls else None
        if tls:
            self.socket = socket.create_server(("127.0.0.1", 0))
            self.host, self.port = self.socket.getsockname()
        else:
            self.host, self.port = str(self.dir), 5432
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.bind(str(self.dir / ".s.PGSQL.5432"))
            self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def make_context(self):
        key, cert = self.dir / "key.pem", self.dir / "cert.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=replay",
             "-days", "2", "-keyout", key, "-out", cert],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        return context

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            try:
                self.talk(peer)
            except OSError:
                pass
            finally:
                peer.close()

    def read(self, peer, count):
        data = b""
        while len(data) < count:
            more = peer.recv(count - len(data))
            if not more:
                raise ConnectionError("the client left")
            data += more
        return data

    def greet(self, peer):
        while True:
            length, code = struct.unpack("!II", self.read(peer, 8))
            self.read(peer, length - 8)
            if code == 80877103 and self.context:
                peer.sendall(b"S")
                peer = self.context.wrap_socket(peer, server_side=True)
            elif code in (80877103, 80877104):
                peer.sendall(b"N")
            else:
                break
        greeting = message(b"R", struct.pack("!I", 0))
        greeting += b"".join(parameter(*one) for one in PARAMETERS)
        peer.sendall(greeting + message(b"K", struct.pack("!II", 1, 2)) +
                     READY)
        return peer

    def talk(self, peer):
        peer = self.greet(peer)
        answers = iter(self.answers)
        while True:
            kind = self.read(peer, 1)
            (length,) = struct.unpack("!I", self.read(peer, 4))
            body = self.read(peer, length - 4)
            if kind == b"X":
                return
            self.queries.append(body.rstrip(b"\0").decode())
            answer = next(answers, tag("SELECT 0") + READY)
            if answer is None:
                return
            self.send(peer, answer)
            if not answer.endswith(READY):
                return

    def send(self, peer, answer):
        at, turn = 0, 0
        while at < len(answer):
            size = self.pieces[turn % len(self.pieces)]
            peer.sendall(answer[at:at + size])
            at += size
            turn += 1

    def stop(self):
        self.socket.close()
        for path in self.dir.iterdir():
            path.unlink()
        self.dir.rmdir()
