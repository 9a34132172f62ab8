"""What no client should send to the gateway: it is refused, told in the log,
and another client's queries do not notice. Every test runs beside one."""

import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

import pytest

from raw_sandbox import (FLOOD, GSS_REQUEST, SSL_REQUEST, Bystander, Client, Refused,
                         Sandbox, message, startup)

LENGTHS = [0, 3, 0x7fffffff, 0x80000000, 0xffffffff]
SILENT = 10000
KNOWN = b"QPBFdpCDEHSXcf"


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox()
    with running.session() as session:
        Bystander.prepare(session)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def bystander(sandbox):
    """No test may disturb it, and all leave the same process behind."""
    before = sandbox.status()
    with Bystander(sandbox) as one:
        yield one
    assert sandbox.status() == before
    with sandbox.session() as session:
        assert session.query("select 1") == [["1"]]


def good_startup(sandbox):
    return startup(b"user", sandbox.user.encode(), b"database", b"dev")


def told(sandbox, data):
    """The last error that answers to data and nothing more."""
    with sandbox.client() as client:
        client.send(data)
        client.end()
        return client.last_words()


# --- before the login ---

@pytest.mark.parametrize("length", LENGTHS + [7, 10001])
def test_a_startup_packet_of_an_impossible_length(sandbox, length):
    data = struct.pack("!I", length) + b"\0\3\0\0user\0a\0\0"
    assert told(sandbox, data) is None
    assert "invalid length of startup packet" in sandbox.log()


def test_a_startup_packet_cut_anywhere(sandbox):
    for whole in (good_startup(sandbox), SSL_REQUEST, GSS_REQUEST,
                  struct.pack("!IIII", 16, 80877102, 1, 2)):
        for end in range(len(whole)):
            with sandbox.client() as client:
                client.send(whole[:end])
                client.end()
                assert client.receive() == (None, b"")


def test_a_startup_packet_that_comes_byte_by_byte(sandbox):
    with sandbox.client() as client:
        for byte in good_startup(sandbox):
            client.send(bytes([byte]))
        assert client.receive()[0] == b"R"


@pytest.mark.parametrize("body, code", [
    (b"user\0a\0", "08P01"),                  # no terminator
    (b"user\0a\0database", "08P01"),          # a name cut
    (b"user\0a\0database\0dev", "08P01"),     # a value cut
    (b"", "08P01"),
    (b"\0", "28000"),                         # nobody
    (b"user\0\0\0", "28000"),
    (b"database\0dev\0\0", "28000"),
    (b"user\0a\0no_such_setting\0x\0\0", "42704"),
    (b"user\0a\0options\0-Q\0\0", "42601"),
    (b"user\0a\0options\0-c x\0\0", "42601"),
])
def test_a_startup_packet_that_says_nonsense(sandbox, body, code):
    body = struct.pack("!I", 196608) + body
    refused = told(sandbox, struct.pack("!I", len(body) + 4) + body)
    assert refused.fields["S"] == "FATAL"
    assert refused.code == code


@pytest.mark.parametrize("version", [0, 1, 131072, 262144, 0xffffffff])
def test_a_protocol_that_is_not_spoken(sandbox, version):
    refused = told(sandbox, startup(b"user", b"a", version=version))
    assert refused.fields["S"] == "FATAL" and refused.code == "0A000"


def test_a_startup_packet_as_large_as_can_be(sandbox):
    pairs = [b"user", sandbox.user.encode(), b"database", b"dev"]
    left = 10000 - len(startup(*pairs, b"application_name", b""))
    with sandbox.client() as client:
        client.send(startup(*pairs, b"application_name", b"x" * left))
        assert client.receive()[0] == b"R"
    many = [b"user", b"a"] + [b"_pq_.a", b""] * 1200
    with sandbox.client() as client:
        client.send(startup(*many))
        assert client.receive()[0] == b"R"


def test_plain_bytes_behind_a_request_for_tls(sandbox):
    refused = told(sandbox, SSL_REQUEST + good_startup(sandbox))
    assert refused is None or refused.code == "08P01"
    assert "unencrypted data after SSL request" in sandbox.log()


def test_garbage_in_place_of_the_tls_handshake(sandbox):
    for garbage in (b"\0" * 100, b"\x16\x03\x01\xff\xff" + b"a" * 200,
                    good_startup(sandbox), os.urandom(500)):
        with sandbox.client() as client:
            client.send(SSL_REQUEST)
            assert client.read(1) == b"S"
            client.send(garbage)
            client.end()
            while client.read(1):
                pass
    assert "TLS handshake" in sandbox.log()


def test_tls_asked_for_inside_of_tls(sandbox):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(sandbox.env["PGSSLROOTCERT"])
    with sandbox.client() as client:
        client.send(SSL_REQUEST)
        assert client.read(1) == b"S"
        client.socket = context.wrap_socket(client.socket,
                                            server_hostname="localhost")
        client.send(SSL_REQUEST)
        assert client.read(1) == b"N"
        client.send(GSS_REQUEST)
        assert client.read(1) == b"N"
        client.send(good_startup(sandbox))
        assert client.receive()[0] == b"R"


@pytest.mark.parametrize("answer", [
    message(b"Q", b"select 1\0"), message(b"p", b"no end"), message(b"p"),
    message(b"p", b"md5\0"), message(b"p", b"md5" + b"0" * 32 + b"\0"),
    message(b"p", b"x" * 60000 + b"\0"), b"p\0\0\0\0", b"p\0\0\0\3",
    b"p\x7f\xff\xff\xff", b"p\0\1\0\4", b"p\xff\xff\xff\xff", b"\0" * 5,
])
def test_a_password_message_that_is_none(sandbox, answer):
    with sandbox.client() as client:
        client.send(good_startup(sandbox))
        assert client.receive()[0] == b"R"
        client.send(answer)
        client.end()
        refused = client.last_words()
    assert refused.fields["S"] == "FATAL"
    assert refused.code in ("28000", "08P01")


def test_a_cancel_request_for_nobody(sandbox):
    for pid, key in ((0, 0), (1, 1), (-1, -1), (2 ** 31 - 1, -2 ** 31)):
        packet = struct.pack("!IIii", 16, 80877102, pid, key)
        assert told(sandbox, packet) is None
        assert told(sandbox, packet + b"x" * 1000) is None


# --- in session ---

@pytest.mark.parametrize("kind", ["low", "high"])
def test_a_message_of_an_unknown_type(sandbox, kind):
    types = range(0, 128) if kind == "low" else range(128, 256)
    for number in types:
        if number in KNOWN:
            continue
        with sandbox.session() as session:
            session.send(message(bytes([number]), b"x\0"))
            refused = session.last_words()
        assert refused.fields["S"] == "FATAL" and refused.code == "08P01"
        assert f"invalid frontend message type {number}" in \
            refused.fields["M"]
    assert "invalid frontend message type" in sandbox.log()


@pytest.mark.parametrize("length", LENGTHS)
def test_a_message_of_an_impossible_length(sandbox, length):
    for number in KNOWN:
        with sandbox.session() as session:
            session.send(bytes([number]) + struct.pack("!I", length) + b"abc")
            refused = session.last_words()
        assert refused.fields["S"] == "FATAL" and refused.code == "08P01"
        assert f"invalid message length {length}" in refused.fields["M"]


def test_a_message_longer_than_its_type_ever_is(sandbox):
    for kind, length in ((b"S", 10005), (b"E", 10005), (b"X", 10005),
                         (b"p", 65540), (b"Q", (64 << 20) + 5)):
        with sandbox.session() as session:
            session.send(kind + struct.pack("!I", length))
            assert session.last_words().code == "08P01"


EXTENDED = (message(b"P", b"s\0select $1::int\0\0\1\0\0\0\x17") +
            message(b"B", b"\0s\0\0\0\0\1\0\0\0\0012\0\0") +
            message(b"D", b"P\0") + message(b"E", b"\0\0\0\0\0") +
            message(b"C", b"Ss\0") + message(b"S"))


@pytest.mark.parametrize("whole", [
    message(b"Q", b"select 1; select 2\0"), EXTENDED])
def test_messages_cut_anywhere(sandbox, whole):
    for end in range(len(whole)):
        with sandbox.session() as session:
            session.send(whole[:end])
            session.end()
            session.last_words()
    assert "connection closed inside a message" in sandbox.log()


def test_messages_that_come_byte_by_byte(sandbox):
    with sandbox.session() as session:
        for byte in EXTENDED:
            session.send(bytes([byte]))
        kinds = [kind for kind, _ in session.until_ready()]
        assert kinds == [b"1", b"2", b"T", b"D", b"C", b"3", b"Z"]


@pytest.mark.parametrize("data", [
    message(b"Q", b"select 1"), message(b"Q"), message(b"P"),
    message(b"P", b"s"), message(b"P", b"s\0select 1"), message(b"B"),
    message(b"B", b"\0"), message(b"D"), message(b"D", b"S"),
    message(b"E", b"p"), message(b"C"), message(b"C", b"P"),
])
def test_a_message_without_its_end(sandbox, data):
    with sandbox.session() as session:
        session.send(data + message(b"S"))
        session.end()
        refused = session.last_words()
    assert refused.code == "08P01"


@pytest.mark.parametrize("data", [
    message(b"P", b"\0select 1\0"),                        # no count
    message(b"P", b"\0select 1\0\x7f\xff"),                # 32,767 types
    message(b"P", b"\0select 1\0\xff\xff"),
    message(b"B", b"\0\0"),
    message(b"B", b"\0\0\0\0\x7f\xff"),
    message(b"B", b"\0\0\0\0\0\1\x7f\xff\xff\xff"),
    message(b"B", b"\0\0\0\0\0\1\0\0\0\1x\0\0"),           # one too many
    message(b"B", b"p\0no such statement\0\0\0\0\0\0\0"),
    message(b"D", b"?x\0"), message(b"D", b"Sno such\0"),
    message(b"E", b"no such\0\0\0\0\0"), message(b"E", b"\0"),
    message(b"C", b"?x\0"),
    message(b"F", b"\0\0\0\1"),
])
def test_a_message_with_wrong_contents_leaves_the_session_well(sandbox, data):
    with sandbox.session() as session:
        session.send(message(b"P", b"\0select 1\0\0\0") + message(b"S"))
        session.until_ready()
        session.send(data + message(b"S"))
        with pytest.raises(Refused) as refused:
            session.until_ready()
        assert refused.value.fields["S"] == "ERROR"
        if data[:1] == b"F":  # ends by itself, not by Sync
            session.until_ready()
        assert session.query("select 7") == [["7"]]


def test_nothing_behind_a_queries_first_nul_is_run(sandbox):
    with sandbox.session() as session:
        session.send(message(b"Q", b"select 1\0; drop table crowd\0"))
        kinds = [kind for kind, _ in session.until_ready()]
        assert kinds.count(b"C") == 1
        session.send(message(b"d", b"data for nobody") + message(b"c") +
                     message(b"f", b"\0"))
        assert session.query("select 2") == [["2"]]


def test_clients_that_leave_without_reading_their_rows(sandbox):
    sql = b"select a.n, b.n, c.n from crowd a, crowd b, crowd c\0"
    for _ in range(5):
        with sandbox.session() as session:
            session.send(message(b"Q", sql))
            session.read(10000)
    sessions = [sandbox.session() for _ in range(5)]
    for session in sessions:
        session.send(message(b"Q", sql))
        session.read(10000)
    with sandbox.session() as other:
        assert other.query("select 3") == [["3"]]
    for session in sessions:
        session.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                  struct.pack("ii", 1, 0))
        session.socket.close()


# --- many ---

class Flood:
    """Connections from several processes, which stay open."""

    PROCESSES = 4

    def __init__(self, sandbox, count, data):
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-c", FLOOD, str(sandbox.port),
                 str(count // self.PROCESSES), repr(data)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for _ in range(self.PROCESSES)]

    def wait(self):
        for process in self.processes:
            assert process.stdout.readline() == b"there\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.communicate()
            assert process.returncode == 0


@pytest.mark.parametrize("data", [b"", b"\0\0\0\x20\0\3\0\0user"])
def test_ten_thousand_connections_that_never_speak(sandbox, data):
    with Flood(sandbox, SILENT, data) as flood:
        for _ in range(20):  # while they come
            with sandbox.session() as session:
                assert session.query("select 4") == [["4"]]
        flood.wait()
        for _ in range(20):  # while they stay
            with sandbox.session() as session:
                assert session.query("select 5") == [["5"]]
    assert "connections that had not spoken" in sandbox.log()


def test_hundreds_that_stop_in_the_middle_of_the_login(sandbox):
    with Flood(sandbox, 400, SSL_REQUEST) as flood:
        flood.wait()
        with sandbox.session() as session:
            assert session.query("select 6") == [["6"]]
    with Flood(sandbox, 400, startup(b"user", b"a")) as flood:
        flood.wait()
        with sandbox.session() as session:
            assert session.query("select 6") == [["6"]]


def test_more_sessions_than_can_be(sandbox):
    sessions = []
    while len(sessions) < 499:  # and the one beside
        try:
            sessions.append(sandbox.session())
        except Refused as full:  # one of a test before is still leaving
            assert full.code == "53300"
            time.sleep(0.1)
    with pytest.raises(Refused) as refused:
        sandbox.session()
    assert refused.value.fields["S"] == "FATAL"
    assert refused.value.code == "53300"
    assert refused.value.fields["M"] == \
        'connection limit "500" exceeded for non-bootstrap users'
    for session in sessions:
        session.send(message(b"X"))
        session.last_words()
        session.socket.close()


def test_all_of_it_at_once(sandbox):
    def spoil(number):
        for turn in range(20):
            data = (bytes([turn]) * 5, struct.pack("!I", turn),
                    EXTENDED[turn:], SSL_REQUEST + bytes(turn))[number % 4]
            with Client(sandbox.port) as client:
                client.send(data)
                client.end()
                client.read(1)

    threads = [threading.Thread(target=spoil, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
