"""A server of PostgreSQL's protocol 3 that runs nothing: it reports
standard_conforming_strings as it was told to, keeps the bytes of each Query,
and answers with success, a row, an error or a wish for COPY data, as the
query's checksum says: the same query has always the same answer."""

import pathlib
import re
import socket
import struct
import tempfile
import threading
import zlib


def message(kind, body=b""):
    return kind + struct.pack("!I", len(body) + 4) + body


def parameter(name, value):
    return message(b"S", name.encode() + b"\0" + value.encode() + b"\0")


READY = message(b"Z", b"I")
DONE = message(b"C", b"SET\0") + READY
COPY_IN = message(b"G", b"\0\0\1\0\0")
COPY = re.compile(rb"\s*copy\s+[\w.]+\s+from\s+(stdin|stdout)\s*;?\s*\0", re.I)
LAST = re.compile(rb"((\n|(?<=\Ad))\\\.\r?\n?|\n)\Z")
VALUES = (b"1", b"x", b"select 2", b"a'b\\c", b"", b"\xe6\xbc\xa2 :x;")


def row(value):
    columns = struct.pack("!H", 1) + b"x\0"
    columns += struct.pack("!IhIhih", 0, 0, 25, -1, -1, 0)
    values = struct.pack("!Hi", 1, len(value)) + value
    return (message(b"T", columns) + message(b"D", values) +
            message(b"C", b"SELECT 1\0") + READY)


def error(position):
    fields = b"SERROR\0VERROR\0C42601\0Msyntax error\0P%d\0\0" % position
    return message(b"E", fields) + READY


def answer(query):
    """What the server says to a query, the 0 at its end included."""
    chance = zlib.crc32(query)
    if query.startswith(b"text "):
        return DONE
    if COPY.fullmatch(query) and chance % 4:
        return COPY_IN
    if chance % 8 == 0:
        characters = len(query[:-1].decode(errors="replace"))
        return error(1 + chance // 8 % (characters + 1))
    if query[:6].lower() == b"select" and chance % 2:
        return row(VALUES[chance // 16 % len(VALUES)])
    return DONE


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
        self.greeting += READY
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
                self.keep(kind, body)
                if kind == b"Q":
                    peer.sendall(answer(body))
                elif kind != b"d":
                    peer.sendall(DONE)

    def keep(self, kind, body):
        """Data of COPY are one text however they are cut. psql sends the
        end of data with them, and a last line without its line feed as it
        is: the server takes it for the same."""
        if kind == b"d" and self.queries and self.queries[-1][:1] == b"d":
            self.queries[-1] += body
            return
        if kind == b"c" and self.queries and self.queries[-1][:1] == b"d":
            self.queries[-1] = LAST.sub(b"", self.queries[-1])
            if self.queries[-1] == b"d":
                self.queries.pop()
        self.queries.append(kind + body)

    def stop(self):
        self.socket.close()
        (self.dir / ".s.PGSQL.5432").unlink()
        self.dir.rmdir()
