"""What a network and a store can do to S3 requests: each fault ends well or
with an error that says what happened, and afterwards the bytes are compared:
nothing is lost, nothing torn, nothing left half-written."""

import base64
import datetime
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading

import pytest

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", "screen")]

from scripted_s3 import (Close, Endless, KEY_ID, Reply, ScriptedS3,  # noqa
                         Stall, crc64, failure, http_date)
from terminal import Terminal, environment      # noqa: E402

REDSH = os.environ["REDSH"]
SECONDS = 120   # longer is never
DATA = random.Random(1).randbytes(300_001)


class Person:
    """A home, a folder, and the program in it."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "home").mkdir()
        (folder / "data.bin").write_bytes(DATA)
        self.env = environment(
            str(folder / "home"), AWS_ACCESS_KEY_ID=KEY_ID,
            AWS_SECRET_ACCESS_KEY="x" * 40, AWS_EC2_METADATA_DISABLED="true",
            ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", ""))
        self.options = []

    def arguments(self, *commands):
        said = [REDSH, "-X", "--offline", "--csv", "-t", "-v",
                "ON_ERROR_STOP=1", "--region", "us-east-1", *self.options]
        for command in commands:
            said += ["-c", command]
        return said

    def start(self, server, *commands):
        env = dict(self.env)
        if server:
            env["AWS_ENDPOINT_URL"] = server.url
        return subprocess.Popen(
            self.arguments(*commands), env=env, cwd=self.folder, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)

    def run(self, server, *commands):
        """Its exit status and all it says, on one line."""
        with self.start(server, *commands) as process:
            out, err = process.communicate(timeout=SECONDS)
        return process.returncode, " ".join((out + err).split())

    def right(self, server, *commands):
        status, said = self.run(server, *commands)
        assert status == 0, said
        return said

    def wrong(self, server, *commands):
        status, said = self.run(server, *commands)
        assert status not in (0, -signal.SIGSEGV, -signal.SIGABRT), said
        assert "Sanitizer" not in said
        return said

    def log(self):
        return (self.folder / "log").read_text()

    def files(self):
        return sorted(path.name for path in self.folder.iterdir()
                      if path.name not in ("home", "log", "data.bin"))


@pytest.fixture
def me(tmp_path):
    return Person(tmp_path)


@pytest.fixture
def serve():
    running = []

    def start(script=None, **more):
        server = ScriptedS3(script, **more)
        server.put("/bucket/there", DATA)
        running.append(server)
        return server
    yield start
    for server in running:
        server.close()


PUT = r"\s3put data.bin s3://bucket/k"
GET = r"\s3get s3://bucket/there got"
# These two leave it at the tries of a request; transfers begin anew for some
# two minutes when a store is in trouble: tests/cli/test_transfers.py.
MAKE = r"\s3mb s3://bucket"
CAT = r"\s3cat s3://bucket/there"


def first_times(kind, count, action):
    """action() happens to the first count requests of a kind."""
    def script(request):
        if request.kind == kind and request.number <= count:
            return action()
        return None
    return script


def raises(what, *arguments):
    def action():
        raise what(*arguments)
    return action


def check_got(me):
    assert (me.folder / "got").read_bytes() == DATA
    assert me.files() == ["got"]


# --- what is tried again ---

RETRIED = {
    "500": lambda: failure(500, "InternalError"),
    "503": lambda: failure(503, "SlowDown"),
    "503 without words": lambda: Reply(503),
    "503 of a proxy": lambda: Reply(503, b"<html>busy</html>"),
    "502": lambda: Reply(502),
    "504": lambda: Reply(504),
    "408": lambda: Reply(408),
    "429": lambda: Reply(429),
    "RequestTimeout": lambda: failure(400, "RequestTimeout"),
    "OperationAborted": lambda: failure(409, "OperationAborted"),
    "hangs up": raises(Close),
    "hangs up in its first line": raises(Close, b"HTTP/1.1 2"),
    "hangs up in its headers": raises(Close, b"HTTP/1.1 200 OK\r\nETag: "),
}


@pytest.mark.parametrize("what", RETRIED)
def test_a_put_is_sent_again_whole(me, serve, what):
    server = serve(first_times("Put", 2, RETRIED[what]))
    me.right(server, PUT)
    assert server.objects["/bucket/k"] == DATA
    assert server.count("Put") == 3


@pytest.mark.parametrize("what", RETRIED)
def test_a_get_is_asked_again(me, serve, what):
    server = serve(first_times("Get", 2, RETRIED[what]))
    me.right(server, GET)
    check_got(me)
    assert server.count("Get") == 3


def test_three_tries_are_all_and_the_error_says_so(me, serve):
    server = serve(first_times("PutBucket", 99, RETRIED["503"]))
    said = me.wrong(server, MAKE)
    assert "S3 asks to slow down" in said
    assert "(3 tries, request id REQUEST1, host id HOST1)" in said
    assert server.count("PutBucket") == 3


@pytest.mark.parametrize("settings, tries", [
    ({"AWS_MAX_ATTEMPTS": "1"}, 1), ({"AWS_MAX_ATTEMPTS": "5"}, 5),
    ({"AWS_RETRY_MODE": "legacy"}, 5), ({"AWS_RETRY_MODE": "adaptive"}, 3),
])
def test_settings_say_how_many_tries(me, serve, settings, tries):
    server = serve(first_times("PutBucket", 99, RETRIED["500"]))
    me.env.update(settings)
    me.wrong(server, MAKE)
    assert server.count("PutBucket") == tries


@pytest.mark.parametrize("settings, names", [
    ({"AWS_MAX_ATTEMPTS": "0"}, ["AWS_MAX_ATTEMPTS", "1 to 100"]),
    ({"AWS_MAX_ATTEMPTS": "many"}, ["AWS_MAX_ATTEMPTS", "many"]),
    ({"AWS_RETRY_MODE": "hard"}, ["AWS_RETRY_MODE", "adaptive"]),
    ({"AWS_REQUEST_CHECKSUM_CALCULATION": "never"},
     ["AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"]),
])
def test_settings_that_cannot_be_are_named(me, serve, settings, names):
    me.env.update(settings)
    said = me.wrong(serve(), PUT)
    assert all(name in said for name in names)


def test_the_server_s_wish_to_wait_is_heeded(me, serve):
    server = serve(first_times("Put", 1, lambda: Reply(
        503, retry_after="1")))
    me.options = ["--debug-log", "log"]
    me.right(server, PUT)
    assert "PutObject: again in 1000 ms" in me.log()


def test_the_answer_of_a_proxy_is_not_taken_for_one_of_s3(me, serve):
    server = serve(first_times("Put", 99, lambda: Reply(
        403, b"<html>blocked</html>", x_amz_request_id=None,
        x_amz_id_2=None)))
    said = me.wrong(server, PUT)
    assert "HTTP status 403" in said and "not one of S3" in said
    assert "access denied" not in said


def test_throttled_replies_lower_how_many_are_under_way(me, serve):
    """Twelve at once are all told to slow down: six at most come again, and a
    seventh and eighth when all has gone well for a while."""
    files = 12
    (me.folder / "many").mkdir()
    for number in range(files):
        (me.folder / "many" / str(number)).write_bytes(DATA[:number])
    together = threading.Barrier(files, timeout=SECONDS)
    lock = threading.Lock()
    state = {"now": 0, "most": 0}

    def script(request):
        if request.kind != "Put":
            return None
        if request.number <= files:
            together.wait()
            return failure(503, "SlowDown")
        with lock:
            state["now"] += 1
            state["most"] = max(state["most"], state["now"])
        threading.Event().wait(0.05)
        with lock:
            state["now"] -= 1
        return None
    server = serve(script)
    me.env["AWS_MAX_ATTEMPTS"] = "10"
    me.right(server, r"\s3put -r many s3://bucket/to/")
    for number in range(files):
        assert server.objects[f"/bucket/to/many/{number}"] == DATA[:number]
    assert 1 <= state["most"] <= 8


@pytest.mark.parametrize("code, status", [
    ("AccessDenied", 403), ("SignatureDoesNotMatch", 403),
    ("InvalidAccessKeyId", 403), ("NoSuchBucket", 404),
    ("EntityTooLarge", 400), ("NotImplemented", 501),
])
def test_what_is_final_is_asked_once(me, serve, code, status):
    server = serve(first_times("Put", 99, lambda: failure(status, code)))
    me.wrong(server, PUT)
    assert server.count("Put") == 1


def test_a_digest_that_does_not_match_is_tried_once_more(me, serve):
    server = serve(first_times("Put", 99, lambda: failure(400, "BadDigest")))
    me.wrong(server, PUT)
    assert server.count("Put") == 2
    server = serve(first_times("Put", 1, lambda: failure(400, "BadDigest")))
    me.right(server, PUT)
    assert server.objects["/bucket/k"] == DATA


# --- bodies that are not what they say ---

def test_a_body_cut_short_is_asked_for_again(me, serve):
    def script(request):
        if request.kind == "Get" and request.number <= 2:
            reply = request.server.serve(request)
            reply.cut = 100_000
            return reply
        return None
    me.right(serve(script), GET)
    check_got(me)


def test_a_body_always_cut_short_is_an_error(me, serve):
    def script(request):
        if request.kind == "Get":
            reply = request.server.serve(request)
            reply.cut = 100_000
            return reply
        return None
    server = serve(script)
    assert "cut short" in me.wrong(server, CAT)
    assert server.count("Get") == 3


@pytest.mark.parametrize("length", ["0", "10", "300000"])
def test_a_length_that_is_too_small(me, serve, length):
    """What comes after it is taken for the next reply, which is none."""
    def script(request):
        if request.kind == "Get":
            reply = request.server.serve(request)
            reply.headers["content-length"] = length
            return reply
        return None
    me.wrong(serve(script), GET)
    assert "got" not in me.files()


def test_more_than_was_asked_for(me, serve):
    def script(request):
        if request.kind == "Get":
            reply = request.server.serve(request)
            reply.body += b"more"
            return reply
        return None
    me.wrong(serve(script), GET)
    assert "got" not in me.files()


@pytest.mark.parametrize("head", [
    b"", b"\r\n", b"\x16\x03\x01\0\0", b"SSH-2.0-OpenSSH_9.2\r\n",
    b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: " + b"b" * 100_000 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 5000 + b"\r\n",
    b"HTTP/1.1 999999999999999999999 OK\r\n\r\n",
])
def test_what_is_no_reply(me, serve, head):
    me.wrong(serve(first_times("Get", 99, raises(Close, head))), CAT)


def test_xml_without_end_is_refused_after_a_few_megabytes(me, serve):
    head = (b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n"
            b"<ListBucketResult>")
    row = b"<Contents><Key>k</Key><Size>1</Size></Contents>" * 1000
    server = serve(first_times("List", 99, raises(Endless, head, row)))
    said = me.wrong(server, r"\s3ls s3://bucket/")
    assert "longer than" in said
    assert server.said < 64 * 1024 * 1024


def test_an_error_without_end_is_refused_too(me, serve):
    head = b"HTTP/1.1 403 No\r\nContent-Length: 10737418240\r\n\r\n<Error>"
    server = serve(first_times("Put", 99, raises(Endless, head, b" " * 65536)))
    assert "longer than" in me.wrong(server, PUT)
    assert server.said < 64 * 1024 * 1024


# --- 200 that is none ---

INSIDE = (b"\n   \n<?xml version='1.0'?><Error><Code>InternalError</Code>"
          b"<Message>later</Message></Error>")
COPY = r"\s3cp s3://bucket/there s3://bucket/k"


def test_an_error_inside_of_200_is_tried_again(me, serve):
    server = serve(first_times("Copy", 2, lambda: Reply(200, INSIDE)))
    me.right(server, COPY)
    assert server.objects["/bucket/k"] == DATA
    assert server.count("Copy") == 3


def test_a_copy_that_is_refused_inside_of_200(me, serve):
    server = serve(first_times("Copy", 99, lambda: failure(
        200, "AccessDenied")))
    assert "access denied" in me.wrong(server, COPY)
    assert "/bucket/k" not in server.objects
    assert server.count("Copy") == 1


# --- regions and redirects ---

def wants_region(region, **more):
    """As the bucket's endpoint in another region answers."""
    def script(request):
        if request.region == region:
            return None
        if request.method == "HEAD":
            return Reply(more.get("head", 301), **(
                {"x_amz_bucket_region": region}
                if more.get("named", True) else {}))
        return more["answer"](region)
    return script


WRONG_REGION = {
    "301 with the header": lambda region: Reply(
        301, failure(301, "PermanentRedirect").body,
        x_amz_bucket_region=region),
    "301 without": lambda region: failure(301, "PermanentRedirect"),
    "400 with <Region>": lambda region: failure(
        400, "AuthorizationHeaderMalformed", Region=region),
    "400 of an opt-in region": lambda region: failure(
        400, "IllegalLocationConstraintException"),
}


@pytest.mark.parametrize("what", WRONG_REGION)
def test_a_bucket_of_another_region_is_found_once(me, serve, what):
    server = serve(wants_region("eu-west-1", answer=WRONG_REGION[what]))
    me.right(server, PUT, r"\s3put data.bin s3://bucket/k2")
    assert server.objects["/bucket/k"] == DATA
    assert server.objects["/bucket/k2"] == DATA
    regions = [request.region for request in server.requests]
    assert regions.count("us-east-1") <= 2      # the put, and who asked
    assert regions[-1] == "eu-west-1"


@pytest.mark.parametrize("status", [301, 400])
def test_a_head_without_words_asks_the_bucket(me, serve, status):
    def script(request):
        if request.region == "eu-west-1":
            return None
        if request.kind == "HeadBucket":
            return Reply(403, x_amz_bucket_region="eu-west-1")
        return Reply(status)
    server = serve(script)
    me.right(server, GET)
    check_got(me)
    assert server.count("HeadBucket") == 1


@pytest.mark.parametrize("answer", [
    lambda request: Reply(301, x_amz_bucket_region={
        "us-east-1": "eu-west-1"}.get(request.region, "us-east-1")),
    lambda request: Reply(307, location=request.server.url + request.target),
    lambda request: Reply(302, location=request.server.url + "/x"),
    lambda request: Reply(301, x_amz_bucket_region="us-east-1"),
    lambda request: Reply(307),
    lambda request: Reply(307, location="nowhere"),
    lambda request: Reply(301, x_amz_bucket_region="evil.example/#"),
])
def test_redirects_come_to_an_end(me, serve, answer):
    server = serve(lambda request: answer(request))
    me.wrong(server, PUT)
    assert len(server.requests) < 12
    assert "/bucket/k" not in server.objects


def test_a_temporary_redirect_is_followed_with_the_body(me, serve):
    other = serve()
    server = serve(lambda request: Reply(
        307, location=other.url + request.target))
    me.right(server, PUT)
    assert other.objects["/bucket/k"] == DATA
    assert other.requests[0].key_id == KEY_ID


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.2",
                                  "s3.amazonaws.com"])
def test_a_redirect_out_of_the_house_is_not_followed(me, serve, host):
    server = serve(first_times("Put", 99, lambda: Reply(
        307, location=f"http://{host}:9/bucket/k")))
    me.wrong(server, PUT)
    assert server.count("Put") == 1


# --- names of hosts ---

POINT = "arn:aws:s3:eu-west-1:123456789012:accesspoint/apt"


def test_an_access_point_is_a_host_and_names_its_region(me, serve):
    server = serve()
    server.put("/dir/there", DATA)
    server.url = f"http://localhost:{server.port}"
    me.right(server, rf"\s3get s3://{POINT}/dir/there got",
             rf"\s3put data.bin s3://{POINT}/dir/k",
             rf"\s3cp s3://{POINT}/dir/k s3://{POINT}/dir/k2")
    check_got(me)
    assert server.objects["/dir/k"] == DATA
    for request in server.requests:
        assert request.headers["host"] == \
            f"apt-123456789012.localhost:{server.port}"
        assert request.region == "eu-west-1"
    assert server.of("Copy")[0].headers["x-amz-copy-source"] == \
        "arn%3Aaws%3As3%3Aeu-west-1%3A123456789012%3Aaccesspoint/apt/" \
        "object/dir/k"


@pytest.mark.parametrize("bucket, host, path", [
    ("bucket", "bucket.s3.localhost", "/k/k"),
    ("with.dots", "s3.localhost", "/with.dots/k/k"),
    ("Upper", "s3.localhost", "/Upper/k/k"),
])
def test_buckets_are_hosts_where_the_profile_says_so(me, serve, bucket, host,
                                                     path):
    (me.folder / "home" / ".aws").mkdir()
    (me.folder / "home" / ".aws" / "config").write_text(
        "[default]\ns3 =\n  addressing_style = virtual\n")
    server = serve()
    server.url = f"http://s3.localhost:{server.port}"
    me.right(server, rf"\s3put data.bin s3://{bucket}/k/k")
    assert server.objects[path] == DATA
    assert server.requests[-1].headers["host"] == f"{host}:{server.port}"


# --- clocks and keys ---

def skewed(seconds):
    """A server whose clock is off by that much, as seen from here."""
    def script(request):
        said = datetime.datetime.strptime(
            request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
        its = datetime.datetime.now(datetime.timezone.utc).replace(
            tzinfo=None) + datetime.timedelta(seconds=seconds)
        if abs((its - said).total_seconds()) < 900:
            return None
        reply = failure(403, "RequestTimeTooSkewed")
        reply.headers["date"] = http_date(seconds)
        return reply
    return script


@pytest.mark.parametrize("seconds", [3600, -3600, 86400 * 400])
def test_a_clock_that_is_off_is_put_right_once(me, serve, seconds):
    server = serve(skewed(seconds))
    me.right(server, PUT, r"\s3put data.bin s3://bucket/k2",
             r"\s3rm s3://bucket/k2 --yes")
    assert server.objects["/bucket/k"] == DATA
    assert server.count("Put") == 3


def test_a_head_says_nothing_of_the_clock_but_its_date(me, serve):
    server = serve(skewed(-3600))
    me.right(server, GET)
    check_got(me)
    assert server.count("Head") == 2
    assert server.count("Get") == 1


@pytest.mark.parametrize("code", ["SignatureDoesNotMatch",
                                  "InvalidSignatureException"])
def test_other_services_call_a_wrong_clock_a_wrong_signature(me, serve, code):
    """STS's words: "Signature expired: ... is now earlier than ..."."""
    def script(request):
        if skewed(3600)(request) is None:
            return Reply(body=b"<R><GetCallerIdentityResult><Arn>arn:x</Arn>"
                              b"<Account>1</Account><UserId>u</UserId>"
                              b"</GetCallerIdentityResult></R>")
        reply = failure(403, code)
        reply.body = b"<R>" + reply.body.split(b"?>")[1] + b"</R>"
        reply.headers["date"] = http_date(3600)
        return reply
    server = serve(script)
    assert "arn:x" in me.right(server, r"\aws whoami")
    assert len(server.requests) == 2


def test_a_wrong_signature_stays_one_when_the_clock_is_right(me, serve):
    server = serve(first_times("Put", 99, lambda: failure(
        403, "SignatureDoesNotMatch")))
    assert "secret access key" in me.wrong(server, PUT)
    assert server.count("Put") == 1


def test_a_clock_that_cannot_be_put_right(me, serve):
    def script(request):
        reply = failure(403, "RequestTimeTooSkewed")
        reply.headers["date"] = None
        return reply
    server = serve(script)
    assert "clock" in me.wrong(server, PUT)
    assert server.count("Put") == 1


@pytest.mark.parametrize("code, words", [
    ("ExpiredToken", "have expired"), ("InvalidToken", "not valid"),
    ("InvalidAccessKeyId", "does not know the access key id"),
])
def test_expired_and_revoked_keys_are_told(me, serve, code, words):
    server = serve(first_times("Put", 99, lambda: failure(400, code)))
    said = me.wrong(server, PUT)
    assert words in said
    assert server.count("Put") <= 2
    assert "x" * 40 not in said


# --- checksums ---

def test_what_is_sent_carries_its_checksum(me, serve):
    server = serve()
    me.right(server, PUT)
    put = server.of("Put")[0]
    assert put.headers["x-amz-checksum-crc64nvme"] == crc64(DATA)


def test_parts_and_the_whole_carry_theirs(me, serve):
    big = random.Random(2).randbytes(17 * 1024 * 1024 + 7)
    (me.folder / "big.bin").write_bytes(big)
    server = serve(first_times("Part", 2, RETRIED["503"]))
    me.right(server, r"\s3put big.bin s3://bucket/big")
    assert server.objects["/bucket/big"] == big
    create, complete = server.of("Create")[0], server.of("Complete")[0]
    assert create.headers["x-amz-checksum-algorithm"] == "CRC64NVME"
    assert create.headers["x-amz-checksum-type"] == "FULL_OBJECT"
    assert complete.headers["x-amz-checksum-crc64nvme"] == crc64(big)
    assert complete.headers["x-amz-mp-object-size"] == str(len(big))
    assert all("x-amz-checksum-crc64nvme" in part.headers
               for part in server.of("Part"))


def test_stores_that_choke_on_checksums_get_none(me, serve):
    me.env["AWS_REQUEST_CHECKSUM_CALCULATION"] = "WHEN_REQUIRED"
    me.env["AWS_RESPONSE_CHECKSUM_VALIDATION"] = "when_required"
    server = serve()
    me.right(server, PUT, GET)
    assert server.objects["/bucket/k"] == DATA
    check_got(me)
    assert not any(name.startswith("x-amz-checksum")
                   for request in server.requests for name in request.headers)


def test_a_download_that_is_not_what_was_stored(me, serve):
    """A byte turned on the way, or on the store's disk."""
    def script(request):
        if request.kind == "Get":
            reply = request.server.serve(request)
            reply.body = reply.body[:-1] + bytes([reply.body[-1] ^ 1])
            return reply
        return None
    server = serve(script)
    said = me.wrong(server, GET)
    assert "CRC64NVME" in said
    assert "got" not in me.files()


def test_anonymous_requests_carry_no_keys(me, serve):
    server = serve()
    me.right(server, GET + " --no-sign-request")
    check_got(me)
    assert all("authorization" not in request.headers and
               "x-amz-date" not in request.headers
               for request in server.requests)


# --- connections that hang ---

def interrupt(me, process, server=None, kind=None):
    """Ctrl-C once the program waits."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    said = " ".join((out + err).split())
    assert process.returncode != 0 and process.returncode > -3, said
    assert "Sanitizer" not in said
    return said


def reached(server, kind):
    """Until a request of that kind has come."""
    while server.seen.acquire(timeout=SECONDS):
        if server.count(kind):
            return
    raise AssertionError("no " + kind)


HANGS = {
    "without a word": raises(Stall),
    "in the headers": raises(Stall, b"HTTP/1.1 200 OK\r\nETag: "),
    "in the body": raises(Stall, b"HTTP/1.1 206 OK\r\nContent-Length: 300001"
                          b"\r\nContent-Range: bytes 0-300000/300001\r\n\r\n"
                          + DATA[:1000]),
    "before another try": lambda: Reply(503, retry_after="20"),
}


@pytest.mark.parametrize("what", HANGS)
def test_ctrl_c_ends_a_request_that_hangs(me, serve, what):
    server = serve(first_times("Get", 99, HANGS[what]))
    process = me.start(server, GET)
    reached(server, "Get")
    interrupt(me, process)
    assert "got" not in me.files()


def test_ctrl_c_ends_a_handshake_that_hangs(me):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        me.env["AWS_ENDPOINT_URL"] = \
            f"https://127.0.0.1:{silent.getsockname()[1]}"
        process = me.start(None, GET)
        peer, _ = silent.accept()
        peer.recv(1)    # of the client's hello
        interrupt(me, process)
        peer.close()


def test_ctrl_c_ends_a_connection_that_nobody_takes(me):
    """The queue of who waits to be accepted is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        me.env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{address[1]}"
        me.options = ["--debug-log", "log"]
        process = me.start(None, GET)
        while not (me.folder / "log").exists() and process.poll() is None:
            threading.Event().wait(0.05)
        threading.Event().wait(0.5)
        interrupt(me, process)
        for one in waiting:
            one.close()


def test_ctrl_c_ends_an_upload_that_nobody_reads(me):
    (me.folder / "data.bin").write_bytes(bytes(7 * 1024 * 1024))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        me.env["AWS_ENDPOINT_URL"] = \
            f"http://127.0.0.1:{deaf.getsockname()[1]}"
        process = me.start(None, PUT)
        peer, _ = deaf.accept()
        assert peer.recv(3) == b"PUT"
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        interrupt(me, process)
        peer.close()


def test_a_server_that_is_not_there(me):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    me.env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
    said = me.wrong(None, PUT)
    assert "no connection" in said and "3 tries" in said


# --- TLS and proxies ---

@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=s3", "-days",
         "2", "-keyout", key, "-out", cert, "-addext",
         "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def test_over_tls_the_checksum_stands_for_the_signature(me, serve,
                                                        certificate):
    context, cert = certificate
    server = serve(context=context)
    me.env["AWS_CA_BUNDLE"] = str(cert)
    me.right(server, PUT, GET)
    assert server.objects["/bucket/k"] == DATA
    check_got(me)
    put = server.of("Put")[0]
    assert put.headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"
    assert put.headers["x-amz-checksum-crc64nvme"] == crc64(DATA)


def test_over_tls_without_a_checksum_the_body_is_signed(me, serve,
                                                        certificate):
    context, cert = certificate
    server = serve(context=context)
    me.env["AWS_CA_BUNDLE"] = str(cert)
    me.env["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required"
    me.right(server, PUT)
    assert len(server.of("Put")[0].headers["x-amz-content-sha256"]) == 64


def test_a_certificate_that_nobody_knows_is_refused(me, serve, certificate):
    server = serve(context=certificate[0])
    said = me.wrong(server, PUT)
    assert "not trusted" in said and "AWS_CA_BUNDLE" in said
    assert not server.requests


class Proxy:
    """Answers every request with the same bytes and hangs up."""

    def __init__(self, answer):
        self.answer = answer
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.asked = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
                with peer:
                    self.asked.append(peer.recv(65536))
                    peer.sendall(self.answer)
            except OSError:
                return


REFUSALS = [b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 407 Proxy Authentication Required\r\n"
            b"Proxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno", b"",
            b"\0\1\2\3"]


@pytest.mark.parametrize("answer", REFUSALS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses(me, scheme, answer):
    proxy = Proxy(answer)
    me.env[f"{scheme}_proxy"] = proxy.url
    me.env["AWS_ENDPOINT_URL"] = f"{scheme}://store.invalid:9000"
    me.options = ["-v", "ALLOW_HTTP_ENDPOINT=on"]
    said = me.wrong(None, PUT)
    proxy.socket.close()
    assert 1 <= len(proxy.asked) <= 3
    if scheme == "https" and answer[9:11] == b"40":
        assert "the proxy does not connect" in said and "https_proxy" in said
        assert len(proxy.asked) == 1
    assert all(b"store.invalid" in asked for asked in proxy.asked)


# --- keys over plain HTTP ---

def test_scripts_send_no_keys_over_plain_http(me):
    proxy = Proxy(REFUSALS[0])
    me.env["http_proxy"] = proxy.url
    me.env["AWS_ENDPOINT_URL"] = "http://store.invalid:9000"
    said = me.wrong(None, PUT)
    assert "has no TLS" in said and "ALLOW_HTTP_ENDPOINT" in said
    assert not proxy.asked
    me.wrong(None, r"\set ALLOW_HTTP_ENDPOINT on", PUT)
    assert proxy.asked
    proxy.socket.close()


@pytest.mark.parametrize("answer, asked", [("n", False), ("y", True)])
def test_a_person_is_asked_once(me, answer, asked):
    proxy = Proxy(REFUSALS[0])
    env = dict(me.env, http_proxy=proxy.url, TERM="xterm",
               AWS_ENDPOINT_URL="http://store.invalid:9000")
    with Terminal([REDSH, "-X", "--offline", "--region", "us-east-1"],
                  env=env, cwd=str(me.folder), columns=200) as screen:
        screen.wait_for("=>")
        screen.send(r"\s3ls s3://bucket/" + "\r")
        screen.wait_for("Use it in this session")
        screen.line(answer)
        words = "HTTP status 403" if asked else "use https://"
        for times in (1, 2):
            screen.wait_until(lambda: screen.text().count(words) == times,
                              f"not {words} {times} times")
            screen.wait_for_line("offline=>")
            screen.line(r"\s3ls s3://other/")
        assert screen.text().count("Use it in this session") == 1
        assert bool(proxy.asked) == asked
    proxy.socket.close()
