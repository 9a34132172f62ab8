"""What no client should send to the AWS endpoints: it is refused with AWS's
words, told in the log, and another client's work does not notice."""

import base64
import hashlib
import subprocess
import sys
import threading

import pytest

from raw_aws import Endpoint, head, sha256
from raw_sandbox import FLOOD, Sandbox

SILENT = 10000


class Neighbour:
    """Puts, gets and lists all the while."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.wrong = []
        self.turns = 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        try:
            while not self.wrong:
                self.turn(f"turn {self.turns}".encode())
                self.turns += 1
                if self.stopped.is_set():
                    return
        except Exception as problem:  # told by whom the test is
            self.wrong.append(problem)

    def turn(self, body):
        put = self.endpoint.call("PUT", "/neighbour/k", body)
        got = self.endpoint.call("GET", "/neighbour/k")
        listed = self.endpoint.call("GET", "/neighbour?list-type=2")
        if (put.status, got.status, got.body, listed.status) != \
                (200, 200, body, 200):
            self.wrong.append((put.body, got.body, listed.body))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()
        assert not self.wrong
        assert self.turns > 0


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox()
    for bucket in ("neighbour", "bucket"):
        assert Endpoint(running).call("PUT", "/" + bucket).status == 200
    yield running
    running.stop()


@pytest.fixture
def s3(sandbox):
    return Endpoint(sandbox)


@pytest.fixture(autouse=True)
def neighbour(sandbox, s3):
    before = sandbox.run("status")
    with Neighbour(s3):
        yield
    assert sandbox.run("status") == before
    assert s3.call("GET", "/bucket/spoiled").code == "NoSuchKey"


# --- HTTP ---

@pytest.mark.parametrize("data", ids=range(23), argvalues=[
    b"\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"get / http/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",  # no Host
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"\0" * 100, b"\xff" * 100,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,  # TLS
    b"GET " + b"/a" * 200000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 400000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 60000 + b"\r\n",
    b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /b?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n",
    b"PUT /b/k HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"PUT /b/k HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"PUT /b/k HTTP/1.1\r\nHost: a\r\nContent-Length: "
    b"99999999999999999999\r\n\r\n",
])
def test_what_is_no_request(s3, data):
    answer = s3.raw(data)
    assert answer is None or 400 <= answer.status < 600


def test_a_request_cut_anywhere(s3):
    body = b"12345"
    whole = head("PUT", "/bucket/spoiled", dict(s3.signer().headers(
        "PUT", "/bucket/spoiled", body), **{"content-length": "5"})) + body
    for end in range(0, len(whole), 7):
        s3.raw(whole[:end])
    assert s3.raw(whole[:-1]) is None or \
        s3.raw(whole[:-1]).status >= 400


def test_a_head_that_comes_byte_by_byte(s3):
    headers = s3.signer().headers("GET", "/neighbour?list-type=2")
    answer = s3.raw(*(bytes([byte]) for byte in
                      head("GET", "/neighbour?list-type=2", headers)))
    assert answer.status == 200


CHUNKS = [
    b"5\r\n12345\r\n", b"5\r\n123", b"x\r\n12345\r\n0\r\n\r\n",
    b"-5\r\n12345\r\n0\r\n\r\n", b"5\r\n12345678\r\n0\r\n\r\n",
    b"ffffffffffffffffff\r\n12345\r\n0\r\n\r\n",
    b"7fffffffffffffff\r\n12345\r\n0\r\n\r\n", b"5 5\r\n12345\r\n0\r\n\r\n",
    b"5\r\n12345\r\n0\r\n", b"5\r\n1234\r\n0\r\n\r\n", b"\r\n\r\n", b"",
]


@pytest.mark.parametrize("chunks", CHUNKS)
def test_chunks_that_are_broken(s3, chunks):
    headers = s3.signer().headers("PUT", "/bucket/spoiled", b"12345")
    headers["transfer-encoding"] = "chunked"
    answer = s3.raw(head("PUT", "/bucket/spoiled", headers), chunks)
    assert answer is None or answer.status >= 400


@pytest.mark.parametrize("lengths", [
    [("transfer-encoding", "chunked"), ("content-length", "{}")],
    [("content-length", "{}"), ("transfer-encoding", "chunked")],
    [("content-length", "5"), ("content-length", "{}")],
    [("transfer-encoding", "chunked"), ("transfer-encoding", "identity")],
])
def test_a_length_said_twice_smuggles_nothing(s3, lengths):
    inner = head("PUT", "/bucket/spoiled",
                 dict(s3.signer().headers("PUT", "/bucket/spoiled"),
                      **{"content-length": "0"}))
    body = b"0\r\n\r\n" + inner
    data = head("PUT", "/bucket/other", s3.signer().headers(
        "PUT", "/bucket/other", b""))
    more = "".join(f"{name}: {value.format(len(body))}\r\n"
                   for name, value in lengths)
    with s3.wire() as wire:
        wire.send(data[:-2] + more.encode() + b"\r\n" + body)
        wire.end()
        answers = []
        while (answer := wire.answer()) is not None:
            answers.append(answer)
    assert [answer.status for answer in answers] in ([], [400])
    assert s3.call("GET", "/bucket/spoiled").code == "NoSuchKey"


def test_nobody_waits_for_a_body_that_never_comes(s3):
    headers = s3.signer().headers("PUT", "/bucket/spoiled", b"12345")
    headers["content-length"] = "5"
    wires = [s3.wire() for _ in range(100)]
    for wire in wires:
        wire.send(head("PUT", "/bucket/spoiled", headers))
    assert s3.call("GET", "/neighbour?list-type=2").status == 200
    for wire in wires:
        wire.socket.close()


# --- bodies in signed chunks ---

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def put_chunks(s3, change, length="10", literal=SIGNED, **more):
    signer = s3.signer()
    if length is not None:
        more["x_amz_decoded_content_length"] = length
    headers = signer.headers("PUT", "/bucket/chunks", payload=literal, **more)
    seed = headers["authorization"].rsplit("=", 1)[1]
    body = change(signer.chunks(seed, [b"hello", b"world"]))
    headers["content-length"] = str(len(body))
    return s3.raw(head("PUT", "/bucket/chunks", headers), body)


def test_right_chunks_are_taken(s3):
    assert put_chunks(s3, lambda body: body).status == 200


@pytest.mark.parametrize("change, codes", ids=range(15), argvalues=[
    (lambda body: body.replace(b"hello", b"jello"), "SignatureDoesNotMatch"),
    (lambda body: body.replace(b"signature=", b"signature=0", 1),
     "SignatureDoesNotMatch"),
    (lambda body: body.replace(b";chunk-signature=", b";x=", 1),
     "IncompleteBody"),
    (lambda body: b"5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n",
     "IncompleteBody"),
    (lambda body: body[:-2], "IncompleteBody"),
    (lambda body: body[:len(body) // 2], "IncompleteBody SignatureDoesNotMatch"),
    (lambda body: body + b"more", "IncompleteBody"),
    (lambda body: b"0x" + body, "IncompleteBody"),
    (lambda body: b"-" + body, "IncompleteBody"),
    (lambda body: b" " + body, "IncompleteBody"),
    (lambda body: b"f" * 15 + body, "IncompleteBody"),
    (lambda body: b"5\0" + body[1:], "IncompleteBody"),
    (lambda body: b"a" * 100000, "IncompleteBody"),
    (lambda body: b"\r\n" + body, "IncompleteBody"),
    (lambda body: b"", "IncompleteBody"),
])
def test_chunks_that_are_not_what_was_signed(s3, change, codes):
    answer = put_chunks(s3, change)
    assert answer.status >= 400 and answer.code in codes.split()


@pytest.mark.parametrize("length, code", [
    ("9", "IncompleteBody"), ("11", "IncompleteBody"),
    (None, "MissingContentLength"), ("-1", "InvalidArgument"),
    ("ten", "InvalidArgument"), ("+10", "InvalidArgument"),
    ("99999999999999999999", "InvalidArgument"),
])
def test_a_decoded_length_that_is_wrong(s3, length, code):
    assert put_chunks(s3, lambda body: body, length).code == code


@pytest.mark.parametrize("body, code", [
    (b"0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", None),
    (b"0\r\nx-amz-checksum-crc32:AAAAAQ==\r\n\r\n", "BadDigest"),
    (b"0\r\n\r\n", "IncompleteBody"),
    (b"0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n", "InvalidRequest"),
    (b"0\r\nno colon\r\n\r\n", "IncompleteBody"),
    (b"0\r\n" + b"x" * 10000, "IncompleteBody"),
    (b"0\r\nx-amz-checksum-crc32:AAAAAA==\r\n"
     b"x-amz-checksum-crc32:AAAAAA==\r\n\r\n", "InvalidRequest"),
])
def test_a_trailer_that_is_wrong(s3, body, code):
    answer = put_chunks(s3, lambda _: body, "0", TRAILER,
                        x_amz_trailer="x-amz-checksum-crc32")
    assert answer.code == code


def test_a_trailer_without_its_signature(s3):
    def change(body):
        return body[body.index(b"\r\n0;") + 2:-2] + \
            b"x-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    answer = put_chunks(s3, change, "0", SIGNED + "-TRAILER",
                        x_amz_trailer="x-amz-checksum-crc32")
    assert answer.code in ("IncompleteBody", "SignatureDoesNotMatch")


@pytest.mark.parametrize("more, code", [
    ({"content_md5": "AAAA"}, "InvalidDigest"),
    ({"content_md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, "BadDigest"),
    ({"x_amz_checksum_crc32": "AAAAAA=="}, "BadDigest"),
    ({"x_amz_checksum_crc32": "AAAAAA==", "x_amz_checksum_sha1": "AAAA"},
     "InvalidRequest"),
    ({"x_amz_checksum_made_up": "AAAA"}, "NotImplemented"),
    ({"x_amz_trailer": "x-amz-checksum-crc32"}, "InvalidRequest"),
])
def test_a_digest_that_is_wrong(s3, more, code):
    answer = s3.call("PUT", "/bucket/spoiled", b"hello", **more)
    assert answer.code == code


# --- signatures ---

def change_header(name, change):
    """A right request for a listing with one header changed."""
    def ask(s3):
        headers = s3.signer().headers("GET", "/bucket?list-type=2")
        headers[name] = change(headers[name])
        return s3.raw(head("GET", "/bucket?list-type=2", headers))
    return ask


def signed_by(**changes):
    return lambda s3: s3.call("GET", "/bucket?list-type=2",
                              signer=s3.signer(**changes))


def with_header(line):
    def ask(s3):
        data = head("GET", "/bucket?list-type=2",
                    s3.signer().headers("GET", "/bucket?list-type=2"))
        return s3.raw(data.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n"))
    return ask


def authorization(text):
    return change_header("authorization", lambda _: text)


MALFORMED = "AuthorizationHeaderMalformed"
WRONG = "SignatureDoesNotMatch"
REQUESTS = {
    "nothing": (lambda s3: s3.raw(head("GET", "/bucket", {"host": "a"})),
                "AccessDenied"),
    "empty": (authorization(""), "InvalidRequest"),
    "version 2": (authorization("AWS AKIA:c2lnbmF0dXJl"), "InvalidRequest"),
    "basic": (authorization("Basic YTpi"), "InvalidRequest"),
    "bearer": (authorization("Bearer x"), "InvalidRequest"),
    "algorithm alone": (authorization("AWS4-HMAC-SHA256"), MALFORMED),
    "another algorithm": (authorization("AWS4-ECDSA-P256-SHA256 Credential=a"),
                          "InvalidRequest"),
    "no credential": (authorization(
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00"), MALFORMED),
    "a short scope": (authorization(
        "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3, "
        "SignedHeaders=host, Signature=00"), MALFORMED),
    "an empty scope": (authorization(
        "AWS4-HMAC-SHA256 Credential=/////aws4_request, SignedHeaders=host, "
        "Signature=00"), MALFORMED),
    "a scope that never ends": (authorization(
        "AWS4-HMAC-SHA256 Credential=" + "a/" * 50000 + ", SignedHeaders=host,"
        " Signature=00"), MALFORMED),
    "commas": (authorization("AWS4-HMAC-SHA256 " + "," * 50000), MALFORMED),
    "a bit turned": (change_header("authorization", lambda text: text[:-1] +
                                   ("0" if text[-1] != "0" else "1")), WRONG),
    "cut": (change_header("authorization", lambda text: text[:-1]), WRONG),
    "longer": (change_header("authorization", lambda text: text + "0"), WRONG),
    "very long": (change_header("authorization",
                                lambda text: text + "0" * 60000), WRONG),
    "upper case": (change_header("authorization", lambda text: text.replace(
        text[-64:], text[-64:].upper() + "A")), WRONG),
    "zeros": (change_header("authorization",
                            lambda text: text[:-64] + "0" * 64), WRONG),
    "another secret": (signed_by(secret="x" * 40), WRONG),
    "another key": (signed_by(key_id="AKIAIOSFODNN7EXAMPLE"),
                    "InvalidAccessKeyId"),
    "another region": (signed_by(region="eu-west-1"), "PermanentRedirect"),
    "no region": (signed_by(region="nowhere"), MALFORMED),
    "another service": (signed_by(service="s4"), None),
    "16 minutes ago": (signed_by(seconds=-960), "RequestTimeTooSkewed"),
    "in 16 minutes": (signed_by(seconds=960), "RequestTimeTooSkewed"),
    "yesterday's scope": (change_header("x-amz-date", lambda text:
                                        "19990101T000000Z"), MALFORMED),
    "no date": (change_header("x-amz-date", lambda text: "today"),
                "AccessDenied"),
    "a date of nonsense": (change_header(
        "x-amz-date", lambda text: text[:4] + "9999T999999Z"), None),
    "another host": (change_header("host", lambda text: "elsewhere"), WRONG),
    "another payload": (change_header("x-amz-content-sha256",
                                      lambda text: "UNSIGNED-PAYLOAD"), WRONG),
    "a header not signed": (with_header(b"x-amz-acl: private"),
                            "AccessDenied"),
    "two dates": (with_header(b"x-amz-date: 20260101T000000Z"), WRONG),
    "a token": (lambda s3: s3.call("GET", "/bucket?list-type=2",
                                   x_amz_security_token="x"), "InvalidToken"),
    "header and query": (lambda s3: s3.raw(head(
        "GET", s3.signer().presign("/bucket"),
        s3.signer().headers("GET", "/bucket"))), "InvalidArgument"),
    "another body": (lambda s3: s3.call(
        "PUT", "/bucket/spoiled", b"hello", payload=sha256(b"jello")),
        "XAmzContentSHA256Mismatch"),
    "a payload of nonsense": (lambda s3: s3.call(
        "PUT", "/bucket/spoiled", b"hello", payload="STREAMING-MADE-UP"),
        "InvalidArgument"),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_a_signature_that_is_wrong(s3, what):
    ask, code = REQUESTS[what]
    answer = ask(s3)
    assert (400 <= answer.status < 500 or
            answer.code in ("NotImplemented", "PermanentRedirect"))
    assert code is None or answer.code == code


@pytest.mark.parametrize("seconds, expires, code", [
    (0, "60", None), (-120, "60", "AccessDenied"), (1200, "60", "AccessDenied"),
    (0, "0", "AuthorizationQueryParametersError"),
    (0, "-1", "AuthorizationQueryParametersError"),
    (0, "604801", "AuthorizationQueryParametersError"),
    (0, "99999999999999999999", "AuthorizationQueryParametersError"),
    (0, "soon", "AuthorizationQueryParametersError"),
])
def test_a_presigned_url_out_of_its_time(s3, seconds, expires, code):
    target = s3.signer(seconds=seconds).presign("/bucket", expires)
    answer = s3.raw(head("GET", target, {"host": "127.0.0.1"}))
    assert answer.code == code and (code is not None or answer.status == 200)


def test_a_presigned_url_with_a_part_missing_or_changed(s3):
    target = s3.signer().presign("/bucket")
    path, _, query = target.partition("?")
    parts = query.split("&")
    for i, part in enumerate(parts):
        without = "&".join(parts[:i] + parts[i + 1:])
        changed = "&".join(parts[:i] + [part + "0"] + parts[i + 1:])
        for other in (without, changed, query.replace(part, part[:-1])):
            answer = s3.raw(head("GET", f"{path}?{other}",
                                 {"host": "127.0.0.1"}))
            assert 400 <= answer.status < 500, other


# --- XML ---

LAUGHS = "<!DOCTYPE d [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
BOMBS = {
    "a billion laughs": LAUGHS + "<Delete><Object><Key>&a11;</Key></Object>"
                                 "</Delete>",
    "a quadratic blow-up": "<!DOCTYPE d [<!ENTITY a '" + "a" * 50000 + "'>]>"
                           "<Delete>" + "&a;" * 50000 + "</Delete>",
    "a file": "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
              "<Delete><Object><Key>&x;</Key></Object></Delete>",
    "an address": "<!DOCTYPE d SYSTEM 'http://127.0.0.1:1/d.dtd'><Delete/>",
    "parameter entities": "<!DOCTYPE d [<!ENTITY % p '&#37;p;'> %p;]><d/>",
    "depth": "<a>" * 200000,
    "depth that closes": "<Delete>" + "<a>" * 100000 + "</a>" * 100000 +
                         "</Delete>",
    "attributes": "<Delete " + " ".join(f"a{n}=''" for n in range(50000)) +
                  ">",
    "1,001 keys": "<Delete>" + "<Object><Key>k</Key></Object>" * 1001 +
                  "</Delete>",
    "cut": "<Delete><Object><Key>neighbour",
    "nothing": "", "text": "hello", "controls": "<Delete>\x01</Delete>",
    "another element": "<Remove/>", "no objects": "<Delete/>",
    "bad bytes": "<Delete>\xff\xfe</Delete>",
    "no key": "<Delete><Object/></Delete>",
}


@pytest.mark.parametrize("what", BOMBS)
@pytest.mark.parametrize("target", ["/bucket?delete",
                                    "/bucket/spoiled?uploadId="])
def test_xml_that_blows_up(s3, what, target):
    body = BOMBS[what].encode("latin-1")
    if target.endswith("="):
        made = s3.call("POST", "/bucket/spoiled?uploads")
        target += made.body.split(b"<UploadId>")[1].split(b"<")[0].decode()
    digest = base64.b64encode(hashlib.md5(body).digest())
    answer = s3.call("POST", target, body, content_md5=digest.decode())
    assert answer.status == 400
    assert answer.code in ("MalformedXML", "InvalidRequest", "EntityTooLarge")
    assert b"root:" not in answer.body


def test_xml_that_is_too_much(s3):
    body = (b"<Delete>" + b"<Object><Key>" + b"k" * 1000 + b"</Key></Object>" *
            20000)[:9 << 20].ljust(9 << 20)
    assert s3.call("POST", "/bucket?delete", body).code == "EntityTooLarge"
    assert s3.call("PUT", "/other", b"<a>" * 100000).code == "MalformedXML"


# --- many ---

@pytest.mark.parametrize("data", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_ten_thousand_connections_that_never_speak(sandbox, s3, data):
    processes = [subprocess.Popen(
        [sys.executable, "-c", FLOOD, str(s3.port), str(SILENT // 4),
         repr(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(4)]
    for process in processes:
        assert process.stdout.readline() == b"there\n"
    for _ in range(20):
        assert s3.call("GET", "/neighbour?list-type=2").status == 200
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert "AWS: closed" in sandbox.log()


def test_hundreds_that_hold_on_after_a_refusal(s3):
    wires = [s3.wire() for _ in range(400)]
    for wire in wires:
        wire.send(head("PUT", "/bucket/spoiled", {
            "host": "a", "content-length": "5"}) + b"12345")
    for wire in wires:
        assert wire.answer().code == "AccessDenied"
        assert wire.stream.read(1) == b""  # it hangs up
        wire.socket.close()


def test_what_was_refused_is_in_the_log(sandbox, s3):
    assert s3.raw(head("GET", "/bucket/in-the-log", {"host": "a"})).status \
        == 403
    log = sandbox.log()
    assert "GET /bucket/in-the-log: AccessDenied" in log
    assert s3.secret not in log
    assert "\0" not in log
