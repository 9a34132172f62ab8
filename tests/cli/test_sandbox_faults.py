"""redsh-sandbox fault: each fault seen from a socket, and by curl."""

import re
import socket
import subprocess
import time

import pytest

from raw_aws import Endpoint, head
from s3_server import S3Server

BODY = bytes(range(256)) * 400  # 100 KiB
ROLE = "arn:aws:iam::123456789012:role/RedshiftCopy"


@pytest.fixture(scope="module", name="server")
def make_server():
    server = S3Server()
    yield server
    server.stop()


@pytest.fixture(name="s3")
def make_endpoint(server):
    server.fault("clear")
    s3 = Endpoint(server)
    assert s3.call("PUT", "/bucket").status == 200
    assert s3.call("PUT", "/bucket/key", BODY).status == 200
    yield s3
    server.fault("clear")
    assert s3.call("GET", "/bucket/key").body == BODY


def get(s3, target="/bucket/key"):
    return s3.call("GET", target)


def read_all(wire):
    """What comes until the end; and whether that was a reset."""
    data = b""
    try:
        while more := wire.socket.recv(65536):
            data += more
        return data, False
    except ConnectionResetError:
        return data, True


def ask(s3, method="GET", target="/bucket/key", body=b""):
    """The bytes of the answer to a request, and whether a reset ended it."""
    headers = s3.signer().headers(method, target, body)
    if body:
        headers["content-length"] = str(len(body))
    with s3.wire() as wire:
        # in one go: what is sent behind a reset would take the error away
        wire.send(head(method, target, dict(headers, connection="close")) +
                  body)
        return read_all(wire)


def body_of(data):
    return data.partition(b"\r\n\r\n")[2]


# --- answers ---

@pytest.mark.parametrize("words, status, code", [
    ("status=503", 503, "SlowDown"),
    ("status=500", 500, "InternalError"),
    ("status=503 code=ServiceUnavailable", 503, "ServiceUnavailable"),
    ("code=RequestTimeout", 400, "RequestTimeout"),
    ("status=400 code=Made_Up", 400, "Made_Up"),
    ("expire-credentials", 400, "ExpiredToken"),
    ("error-in-200", 200, "InternalError"),
    ("error-in-200 code=SlowDown", 200, "SlowDown"),
])
def test_an_answer_instead(server, s3, words, status, code):
    server.fault("add", *words.split())
    answer = get(s3)
    assert (answer.status, answer.code) == (status, code)
    assert get(s3).status == 200


def test_retry_after(server, s3):
    server.fault("add", "status=503", "retry-after=7")
    assert get(s3).headers["retry-after"] == "7"


def test_a_refused_upload_leaves_the_connection_usable(server, s3):
    server.fault("add", "--op", "PutObject", "status=503")
    headers = s3.signer().headers("PUT", "/bucket/other", BODY)
    headers["content-length"] = str(len(BODY))
    with s3.wire() as wire:
        for status in (503, 200):
            wire.send(head("PUT", "/bucket/other", headers) + BODY)
            assert wire.answer().status == status


@pytest.mark.parametrize("where, status, header, value", [
    ("eu-west-1", 301, "x-amz-bucket-region", "eu-west-1"),
    ("http://127.0.0.1:1", 307, "location", "http://127.0.0.1:1/bucket/key"),
    ("self", 307, "location", "http://127.0.0.1/bucket/key"),
])
def test_redirects(server, s3, where, status, header, value):
    server.fault("add", f"redirect={where}")
    answer = get(s3)
    assert (answer.status, answer.headers[header]) == (status, value)
    assert b"<Endpoint>" in answer.body


def test_a_clock_that_is_wrong(server, s3):
    server.fault("add", "skew=3600")
    answer = get(s3)
    assert answer.code == "RequestTimeTooSkewed"
    ahead = s3.signer(seconds=3600)
    assert s3.call("GET", "/bucket/key", signer=ahead).body == BODY
    shown = time.strptime(answer.headers["date"], "%a, %d %b %Y %H:%M:%S GMT")
    assert abs(time.mktime(shown) - time.mktime(time.gmtime()) - 3600) < 600


def test_the_disk_is_full(server, s3):
    server.fault("add", f"quota={len(BODY) + 1}")
    assert s3.call("PUT", "/bucket/one", BODY).status == 200
    answer = s3.call("PUT", "/bucket/two", BODY)
    assert (answer.status, answer.code) == (500, "InternalError")
    assert b"No space left" in answer.body
    assert get(s3, "/bucket/two").status == 404


def keys_of(s3):
    """A signer with a role's temporary keys, and their token."""
    answer = s3.call(
        "POST", "/", b"Action=AssumeRole&Version=2011-06-15&RoleSessionName=me"
        b"&RoleArn=" + ROLE.encode(), signer=s3.signer(service="sts"),
        content_type="application/x-www-form-urlencoded")
    assert answer.status == 200
    key_id, secret, token = (
        re.search(f"<{name}>(.*?)</{name}>", answer.body.decode())[1]
        for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    return s3.signer(key_id=key_id, secret=secret), token


def test_temporary_keys_end(server, s3):
    signer, token = keys_of(s3)
    more = {"signer": signer, "x_amz_security_token": token}
    assert s3.call("GET", "/bucket/key", **more).body == BODY
    server.fault("add", "expire-credentials")
    for _ in range(2):
        assert s3.call("GET", "/bucket/key", **more).code == "ExpiredToken"
    signer, token = keys_of(s3)
    assert s3.call("GET", "/bucket/key", signer=signer,
                   x_amz_security_token=token).body == BODY


# --- the request ---

@pytest.mark.parametrize("words", ["cut-request", "cut-request=50000",
                                   "corrupt-request=50000"])
def test_an_upload_that_breaks(server, s3, words):
    server.fault("add", "--op", "PutObject", words)
    data, _ = ask(s3, "PUT", "/bucket/broken", BODY)
    if words.startswith("cut"):
        assert data == b""
    else:
        assert b"XAmzContentSHA256Mismatch" in data
    assert get(s3, "/bucket/broken").status == 404
    assert s3.call("PUT", "/bucket/broken", BODY).status == 200
    assert s3.call("DELETE", "/bucket/broken").status == 204


def test_a_reset(server, s3):
    server.fault("add", "reset")
    assert ask(s3) == (b"", True)


@pytest.mark.parametrize("words", ["stall-read", "stall-read=50000"])
def test_a_server_that_stops_reading(server, s3, words):
    server.fault("add", words)
    headers = s3.signer().headers("PUT", "/bucket/stalled",
                                  payload="UNSIGNED-PAYLOAD")
    headers["content-length"] = str(1 << 30)
    with s3.wire() as wire:
        wire.socket.settimeout(1)
        with pytest.raises(socket.timeout):
            wire.socket.sendall(head("PUT", "/bucket/stalled", headers))
            for _ in range(1 << 10):
                wire.socket.sendall(bytes(1 << 20))
    assert get(s3).status == 200


# --- the answer ---

@pytest.mark.parametrize("words, length", [
    ("cut-reply", 0), ("cut-reply=1", 1), ("cut-reply=70000", 70000),
    ("short-body", len(BODY) - 1), ("short-body=50000", len(BODY) - 50000),
])
def test_an_answer_that_ends_early(server, s3, words, length):
    server.fault("add", words)
    data, _ = ask(s3)
    assert f"Content-Length: {len(BODY)}".encode() in data
    assert body_of(data) == BODY[:length]


def test_an_answer_that_stalls(server, s3):
    server.fault("add", "stall-reply=4096")
    headers = s3.signer().headers("GET", "/bucket/key")
    with s3.wire() as wire:
        wire.send(head("GET", "/bucket/key", headers))
        wire.socket.settimeout(1)
        data = b""
        with pytest.raises(socket.timeout):
            while more := wire.socket.recv(65536):
                data += more
    assert body_of(data) == BODY[:4096]


def test_a_length_that_is_a_lie(server, s3):
    server.fault("add", "--count", "2", "wrong-length=-100")
    data, _ = ask(s3)
    assert f"Content-Length: {len(BODY) - 100}\r\n".encode() in data
    assert body_of(data) == BODY


def test_a_byte_that_is_wrong(server, s3):
    server.fault("add", "corrupt-byte=70000")
    wrong = get(s3).body
    assert [i for i, (a, b) in enumerate(zip(wrong, BODY)) if a != b] \
        == [70000]


@pytest.mark.parametrize("words", ["no-reply", "cut-reply"])
def test_it_is_done_but_nobody_is_told(server, s3, words):
    server.fault("add", "--op", "PutObject", words)
    assert ask(s3, "PUT", "/bucket/silent", b"done") == (b"", False)
    assert get(s3, "/bucket/silent").body == b"done"


def test_a_listing_without_end(server, s3):
    server.fault("add", "--op", "ListObjectsV2", "flood=20000000")
    data, _ = ask(s3, target="/bucket?list-type=2")
    assert len(data) > 20000000 and data.count(b"<Contents>") > 300000


def test_a_delay_and_a_rate(server, s3):
    server.fault("add", "delay=300")
    server.fault("add", f"rate={len(BODY) * 4}")
    for least in (0.3, 0.2):
        begin = time.monotonic()
        assert get(s3).body == BODY
        assert time.monotonic() - begin > least


# --- which request ---

def test_rules_by_name_bucket_key_and_count(server, s3):
    assert s3.call("PUT", "/another").status == 200
    server.fault("add", "--op", "GetObject", "--bucket", "buck*", "--key",
                 "k?y", "--skip", "1", "--count", "2", "status=503")
    seen = []
    for _ in range(4):
        seen += [get(s3).status, get(s3, "/bucket?list-type=2").status,
                 get(s3, "/another/key").status,
                 s3.call("HEAD", "/bucket/key").status]
    assert seen == [200, 200, 404, 200, 503, 200, 404, 200,
                    503, 200, 404, 200, 200, 200, 404, 200]


def test_the_oldest_rule_is_first(server, s3):
    server.fault("add", "status=500")
    server.fault("add", "--count", "all", "status=503")
    assert [get(s3).status for _ in range(3)] == [500, 503, 503]


def test_rules_are_listed_and_cleared(server, s3):
    first = server.fault("add", "--op", "GET", "--count", "3", "status=500")
    server.fault("add", "--op", "PutObject", "--key", "a*", "--count", "all",
                 "delay=1", "cut-reply=9")
    number = first.split(":")[0].split()[1]
    get(s3)
    lines = [line.split("\t") for line in
             server.fault("list").splitlines()[1:]]
    assert lines[0][1:] == ["GET", "*", "*", "0", "2", "1", "status=500"]
    assert lines[1][1:] == ["PutObject", "*", "a*", "0", "all", "0",
                            "delay=1 cut-reply=9"]
    server.fault("clear", number)
    assert len(server.fault("list").splitlines()) == 2
    assert f"no rule {number}" in server.fault("clear", number, fails=True)


def call_sts(s3, action="GetCallerIdentity"):
    return s3.call("POST", "/", f"Action={action}&Version=2011-06-15".encode(),
                   signer=s3.signer(service="sts"),
                   content_type="application/x-www-form-urlencoded")


def test_the_aws_apis_too(server, s3):
    server.fault("add", "--op", "GetCallerIdentity", "status=503",
                 "code=Throttling")
    assert call_sts(s3, "AssumeRole").code != "Throttling"
    answer = call_sts(s3)
    assert (answer.status, answer.code) == (503, "Throttling")
    assert b"<ErrorResponse" in answer.body
    assert call_sts(s3).status == 200
    server.fault("add", "--op", "GetCallerIdentity", "reset")
    assert call_sts(s3) is None
    server.fault("add", "--op", "DescribeClusters", "no-reply")
    body = b"Action=DescribeClusters&Version=2012-12-01"
    more = {"signer": s3.signer(service="redshift"),
            "content_type": "application/x-www-form-urlencoded"}
    assert s3.call("POST", "/", body, **more) is None
    assert s3.call("POST", "/", body, **more).status == 200


@pytest.mark.parametrize("words, said", [
    (["--op", "PutObjct", "reset"], "no such operation: PutObjct"),
    (["explode"], "no such fault: explode"),
    (["status=99"], "status is 200 to 599"),
    (["status"], "no such fault: status"),
    (["cut-reply=x"], "no such fault: cut-reply=x"),
    (["cut-reply=-1"], "no such fault: cut-reply=-1"),
    (["reset", "cut-reply=1"], "no such fault: cut-reply=1"),
    (["reset=1"], "no such fault: reset=1"),
    (["--count", "0", "reset"], "no such count: 0"),
    (["--wrong", "reset"], "bad option: --wrong"),
    ([], "no such fault: none given"),
])
def test_rules_that_make_no_sense(server, words, said):
    assert said in server.fault("add", *words, fails=True)


@pytest.mark.parametrize("words", ["stall-reply=1", "delay=3600000",
                                   "rate=1", "stall-read"])
def test_a_sandbox_stops_in_the_middle_of_it(words):
    server = S3Server()
    s3 = Endpoint(server)
    s3.call("PUT", "/bucket")
    s3.call("PUT", "/bucket/key", BODY)
    server.fault("add", words)
    with s3.wire() as wire:
        wire.send(head("GET", "/bucket/key",
                       s3.signer().headers("GET", "/bucket/key")))
        while "\t1\t" + words not in server.fault("list"):
            pass
        server.stop()


def test_no_faults_without_a_sandbox(server):
    server.fault("clear")
    other = S3Server()
    other.fault("add", "reset")
    assert "reset" not in server.fault("list")
    other.stop()
    other.process.returncode = 0
    assert "no sandbox runs" in other.fault("list", fails=True)


def test_curl_says_what_it_sees(server, s3):
    url = s3.signer().presign("/bucket/key")
    for words, code in (("reset", 56), ("cut-reply=10", 18), ("no-reply", 52),
                        ("wrong-length=100", 28)):
        server.fault("add", words)
        done = subprocess.run(
            ["curl", "-s", "-m", "3", "-o", "/dev/null", "-H",
             "Host: 127.0.0.1", f"http://127.0.0.1:{s3.port}{url}"],
            check=False)
        assert done.returncode == code, words
