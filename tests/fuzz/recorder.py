"""A server of PostgreSQL's protocol 3 that runs nothing: it reports
standard_conforming_strings as it was told to, answers each Query with
success, and keeps the bytes."""

import pathlib
import socket
import struct
import tempfile
import threading


def message(kind, body=b""):
    return kind + struct.pack("!I", len(body) + 4) + body


def parameter(name, value):
    return message(b"S", name.encode() + b"\0" + value.encode() + b"\0")


ANSWER = message(b"C", b"SET\0") + message(b"Z", b"I")


class Recorder:
    """queries: what all clients have sent, to be emptied by whom it is for."""

    def __init__(self, conforming):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="rsf", dir="/tmp"))
        self.queries = []
        values = {"server_version": "15.0", "server_encoding": "UTF8",
                  "client_encoding": "UTF8",
                  "standard_conforming_strings": conforming}
        self.greeting = message(b"R", struct.pack("!I", 0))
        self.greeting += b"".join(parameter(*one) for one in values.items())
        self.greeting += message(b"K", struct.pack("!II", 1, 2))
        self.greeting += message(b"Z", b"I")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(self.dir / ".s.PGSQL.5432"))
        self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(peer,),
                             daemon=True).start()

    def talk(self, peer):
        with peer, peer.makefile("rb") as stream:
            while True:
                length, code = struct.unpack("!II", stream.read(8))
                stream.read(length - 8)
                if code == 196608:
                    break
                peer.sendall(b"N")
            peer.sendall(self.greeting)
            while head := stream.read(5):
                kind, length = struct.unpack("!cI", head)
                body = stream.read(length - 4)
                if kind == b"X":
                    return
                self.queries.append(kind + body)
                peer.sendall(ANSWER)

    def stop(self):
        self.socket.close()
        (self.dir / ".s.PGSQL.5432").unlink()
        self.dir.rmdir()
