"""Drives the gateway by raw messages of the extended query protocol.

Prints, a line a scenario, what came back: type letters, with the parts that
matter in brackets. Needs PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
"""
import hashlib
import os
import socket
import ssl
import struct


class Link:
    def __init__(self):
        self.sock = socket.create_connection(
            ("127.0.0.1", int(os.environ["PGPORT"])))
        self.sock.settimeout(30)
        self.sock.sendall(struct.pack("!ii", 8, 80877103))
        assert self.sock.recv(1) == b"S"
        context = ssl.create_default_context(
            cafile=os.environ["PGSSLROOTCERT"])
        self.sock = context.wrap_socket(self.sock,
                                        server_hostname="localhost")
        user = os.environ["PGUSER"]
        body = struct.pack("!i", 196608)
        for text in ("user", user, "database", os.environ["PGDATABASE"]):
            body += text.encode() + b"\0"
        body += b"\0"
        self.sock.sendall(struct.pack("!i", len(body) + 4) + body)
        kind, body = self.read()
        assert kind == b"R" and body[:4] == b"\0\0\0\5", (kind, body)
        inner = hashlib.md5(
            (os.environ["PGPASSWORD"] + user).encode()).hexdigest()
        outer = hashlib.md5(inner.encode() + body[4:8]).hexdigest()
        self.send(b"p", b"md5" + outer.encode() + b"\0")
        while self.read()[0] != b"Z":
            pass

    def exact(self, count):
        data = b""
        while len(data) < count:
            more = self.sock.recv(count - len(data))
            assert more, "the gateway closed"
            data += more
        return data

    def read(self):
        head = self.exact(5)
        return head[:1], self.exact(struct.unpack("!i", head[1:])[0] - 4)

    def send(self, kind, body=b""):
        self.sock.sendall(kind + struct.pack("!i", len(body) + 4) + body)

    def parse(self, sql, name="", types=()):
        self.send(b"P", name.encode() + b"\0" + sql.encode() + b"\0" +
                  struct.pack("!h", len(types)) +
                  b"".join(struct.pack("!i", t) for t in types))

    def bind(self, values=(), name=""):
        self.send(b"B", b"\0" + name.encode() + b"\0" +
                  struct.pack("!hh", 0, len(values)) +
                  b"".join(struct.pack("!i", len(v)) + v for v in values) +
                  struct.pack("!h", 0))

    def describe(self, kind="P", name=""):
        self.send(b"D", kind.encode() + name.encode() + b"\0")

    def execute(self):
        self.send(b"E", b"\0" + struct.pack("!i", 0))

    def run(self, sql):
        self.parse(sql)
        self.bind()
        self.execute()

    def sync(self):
        self.send(b"S")


def show(kind, body):
    letter = kind.decode()
    if letter == "T":
        columns, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            end = body.index(b"\0", at)
            oid = struct.unpack("!i", body[end + 7:end + 11])[0]
            columns.append("%s:%d" % (body[at:end].decode(), oid))
            at = end + 19
        return "T[%s]" % ",".join(columns)
    if letter == "t":
        return "t[%s]" % ",".join(
            str(t[0]) for t in struct.iter_unpack("!i", body[2:]))
    if letter == "D":
        values, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            size = struct.unpack("!i", body[at:at + 4])[0]
            values.append(body[at + 4:at + 4 + size].decode())
            at += 4 + size
        return "D[%s]" % ",".join(values)
    if letter == "C":
        return "C[%s]" % body[:-1].decode()
    if letter == "E":
        fields = {f[:1]: f[1:] for f in body.split(b"\0") if f}
        return "E[%s]" % fields[b"C"].decode()
    if letter == "Z":
        return "Z[%s]" % body.decode()
    return letter


def until_ready(link):
    seen = []
    while True:
        kind, body = link.read()
        if kind in b"NS":
            continue
        seen.append(show(kind, body))
        if kind == b"Z":
            return " ".join(seen)


def scenario(link, title):
    print("%s: %s" % (title, until_ready(link)))


def queries(link):
    link.parse("select $1::int as a", types=(23,))
    link.bind((b"7",))
    link.describe()
    link.execute()
    link.sync()
    scenario(link, "parse bind describe execute")
    link.parse("select $1 + 1", name="plus", types=(23,))
    link.describe("S", "plus")
    link.sync()
    scenario(link, "statement parameters")
    link.run("select * from nowhere")
    link.run("select 1")
    link.sync()
    scenario(link, "an error skips up to Sync")
    link.run("select 1")
    link.sync()
    scenario(link, "then it works again")


def refusals(link):
    link.run("set standard_conforming_strings to on")
    link.run("select 1")
    link.sync()
    scenario(link, "refused by the gateway")
    link.run("create table extended_rows (a int)")
    link.sync()
    until_ready(link)
    link.run("insert into extended_rows values (1)")
    link.run("savepoint a")
    link.run("select 1")
    link.sync()
    scenario(link, "a refusal undoes the pipeline")
    link.run("select count(*) from extended_rows")
    link.sync()
    scenario(link, "nothing was kept")
    link.parse("truncate extended_rows")
    link.bind()
    link.describe()
    link.execute()
    link.sync()
    scenario(link, "run by the gateway")
    link.run("vacuum extended_rows")
    link.sync()
    print("upkeep: %s" % until_ready(link), end=" ")
    link.run("analyze extended_rows")
    link.sync()
    print(until_ready(link))
    link.run("set session characteristics as transaction isolation level "
             "serializable")
    link.sync()
    scenario(link, "nothing to do")
    link.run("drop table extended_rows")
    link.sync()
    until_ready(link)


def rest(link):
    link.run("set query_group to 'etl'")
    link.run("show query_group")
    link.sync()
    scenario(link, "settings")
    link.parse("select 5")
    link.send(b"H")
    first = show(*link.read())
    link.bind()
    link.execute()
    link.sync()
    print("flush answers at once: %s | %s" % (first, until_ready(link)))
    link.run("")
    link.sync()
    scenario(link, "empty statement")
    link.send(b"C", b"Snever\0")
    link.send(b"C", b"Splus\0")
    link.sync()
    scenario(link, "close is forgiving")
    link.send(b"F", struct.pack("!ihhh", 1, 0, 0, 0))
    scenario(link, "function calls")
    answers = []
    for sql in ("begin", "select 1/0", "rollback"):
        link.run(sql)
        link.sync()
        answers.append(until_ready(link))
    print("blocks: %s" % " ".join(answers))


if __name__ == "__main__":
    LINK = Link()
    queries(LINK)
    refusals(LINK)
    rest(LINK)
