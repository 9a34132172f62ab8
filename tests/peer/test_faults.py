"""redsh against an S3 that answers by script: redirects, faults, stalls.

Each test gives a list of replies; what redsh asked is checked against them.
"""
import email.utils
import os
import signal
import socketserver
import subprocess
import threading
import time

import pytest

REDSH = os.environ.get("REDSH", "./redsh")
LIST = b"""<?xml version="1.0"?><ListBucketResult><IsTruncated>false\
</IsTruncated><Contents><Key>k.csv</Key><Size>3</Size>\
<LastModified>2026-03-14T15:09:26.000Z</LastModified></Contents>\
</ListBucketResult>"""


def reply(status, body=b"", headers=(), length=None):
    head = [f"HTTP/1.1 {status} X",
            f"Content-Length: {len(body) if length is None else length}"]
    head += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def error(status, code, extra="", headers=()):
    body = f"<Error><Code>{code}</Code><Message>m</Message>{extra}</Error>"
    return reply(status, body.encode(), headers)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, replies):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = list(replies)
        self.requests = []
        self.asked = threading.Event()
        self.choose = None      # answers by request line instead


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            line = self.rfile.readline().decode().strip()
            if not line:
                return
            headers = {}
            while True:
                text = self.rfile.readline().decode().strip()
                if not text:
                    break
                name, _, value = text.partition(":")
                headers[name.lower()] = value.strip()
            if headers.get("expect"):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = self.rfile.read(int(headers.get("content-length", 0)))
            self.server.requests.append((line, headers, body))
            self.server.asked.set()
            if self.server.choose:
                self.wfile.write(self.server.choose(line))
                continue
            if not self.server.replies:
                self.wfile.write(error(400, "NoMoreReplies"))
                return
            answer = self.server.replies.pop(0)
            if answer is None:      # silence
                time.sleep(30)
                return
            self.wfile.write(answer)
            if b"cut me" in answer:
                return


@pytest.fixture
def serve(tmp_path):
    servers = []

    def start(*replies):
        server = Server(replies)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def environment(server, tmp_path):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("AWS_", "PG", "XDG_"))}
    env.update(HOME=str(tmp_path), AWS_ACCESS_KEY_ID="AK",
               AWS_SECRET_ACCESS_KEY="hush-hush", AWS_REGION="us-east-1",
               AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_address[1]}")
    return env


def redsh(server, tmp_path, *commands):
    args = [REDSH, "-X", "--offline", "--csv", "-t", "--no-cache"]
    for command in commands:
        args += ["-c", command]
    done = subprocess.run(args, env=environment(server, tmp_path),
                          cwd=tmp_path, capture_output=True, text=True,
                          timeout=120)
    assert "hush-hush" not in done.stdout + done.stderr
    return done


def scope_region(request):
    return request[1]["authorization"].split("/")[2]


def test_busy_servers_are_asked_again(serve, tmp_path):
    server = serve(error(503, "SlowDown"), error(500, "InternalError"),
                   reply(200, LIST))
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert done.stdout.startswith("k.csv,3,2026-03-14")
    assert len(server.requests) == 3


def test_refusals_are_not_asked_again(serve, tmp_path):
    server = serve(error(403, "AccessDenied"), reply(200, LIST))
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "access denied" in done.stderr
    assert "s3:ListBucket" in done.stderr
    assert len(server.requests) == 1


def test_a_bucket_elsewhere_is_signed_for_its_region_from_then_on(
        serve, tmp_path):
    server = serve(error(400, "AuthorizationHeaderMalformed",
                         "<Region>eu-central-1</Region>"),
                   reply(200, LIST), reply(200, LIST))
    done = redsh(server, tmp_path, r"\s3ls s3://bkt", r"\s3ls s3://bkt")
    assert done.stdout.count("k.csv,3,") == 2
    assert [scope_region(r) for r in server.requests] == [
        "us-east-1", "eu-central-1", "eu-central-1"]


def test_a_head_is_redirected_by_its_header(serve, tmp_path):
    server = serve(reply(301, b"", [("x-amz-bucket-region", "ap-south-1")],
                         length=0),
                   reply(200, b"", [("ETag", '"e"')], length=7))
    done = redsh(server, tmp_path, r"\s3stat s3://bkt/k")
    assert "size,7" in done.stdout
    assert scope_region(server.requests[1]) == "ap-south-1"


def test_redirects_do_not_go_round(serve, tmp_path):
    answers = [error(301, "PermanentRedirect", "",
                     [("x-amz-bucket-region", region)])
               for region in ("eu-west-1", "us-east-1") * 3]
    server = serve(*answers)
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "from host to host" in done.stderr
    assert len(server.requests) == 4


def test_a_wrong_clock_is_set_by_the_servers(serve, tmp_path):
    now = time.time() + 7200
    date = [("Date", email.utils.formatdate(now, usegmt=True))]
    server = serve(error(403, "RequestTimeTooSkewed", "", date),
                   reply(200, LIST))
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "k.csv" in done.stdout
    wanted = time.strftime("%Y%m%dT%H", time.gmtime(now))
    assert server.requests[1][1]["x-amz-date"].startswith(wanted)


def test_expired_credentials_say_so_after_one_more_try(serve, tmp_path):
    server = serve(*[error(400, "ExpiredToken")] * 5)
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "credentials have expired" in done.stderr
    assert "aws sso login" in done.stderr
    assert len(server.requests) == 2


def test_a_reply_cut_short_is_noticed_and_asked_again(serve, tmp_path):
    cut = reply(200, b"<ListBucketResult>cut me", length=9999)
    server = serve(cut, reply(200, LIST))
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "k.csv" in done.stdout
    server = serve(*[cut] * 9)
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "cut short" in done.stderr
    assert done.stdout == ""


def test_a_page_without_keys_is_not_the_end(serve, tmp_path):
    first = (b"<ListBucketResult><IsTruncated>true</IsTruncated>"
             b"<NextContinuationToken>a/b+c=</NextContinuationToken>"
             b"</ListBucketResult>")
    server = serve(reply(200, first), reply(200, LIST))
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "k.csv" in done.stdout
    assert "continuation-token=a%2Fb%2Bc%3D" in server.requests[1][0]


def test_an_error_in_a_200_is_an_error(serve, tmp_path):
    head = reply(200, b"", [("ETag", '"e"')], length=7)
    server = serve(head, *[error(200, "InternalError")] * 2,
                   reply(200, b"<CopyObjectResult/>"))
    done = redsh(server, tmp_path, r"\s3cp s3://bkt/a s3://bkt/b")
    assert "copy: s3://bkt/b" in done.stderr
    server = serve(head, error(200, "AccessDenied"))
    done = redsh(server, tmp_path, r"\s3cp s3://bkt/a s3://bkt/b")
    assert "access denied" in done.stderr
    assert "copy: " not in done.stderr


def test_answers_of_proxies_are_not_taken_for_listings(serve, tmp_path):
    server = serve(reply(200, b"<html><body>Please log in</body></html>"))
    done = redsh(server, tmp_path, r"\s3ls s3://bkt")
    assert "no S3?" in done.stderr
    assert done.stdout == ""


def test_an_object_that_changed_leaves_no_file(serve, tmp_path):
    server = serve(reply(200, b"", [("ETag", '"one"')], length=9),
                   error(412, "PreconditionFailed"))
    done = redsh(server, tmp_path, r"\s3get s3://bkt/k out")
    assert "changed while it was fetched" in done.stderr
    assert server.requests[1][1]["if-match"] == '"one"'
    assert [p for p in os.listdir(tmp_path) if p.startswith("out")] == []


def test_a_download_cut_short_leaves_no_file(serve, tmp_path):
    cut = reply(206, b"cut me", [("Content-Range", "bytes 0-8/9")], length=9)
    server = serve(reply(200, b"", [("ETag", '"one"')], length=9), *[cut] * 9)
    done = redsh(server, tmp_path, r"\s3get s3://bkt/k out")
    assert "cut short" in done.stderr
    assert [p for p in os.listdir(tmp_path) if p.startswith("out")] == []


def test_a_part_that_fails_aborts_the_upload(serve, tmp_path):
    with open(tmp_path / "big", "wb") as file:
        file.truncate(9 << 20)
    create = (b"<InitiateMultipartUploadResult><UploadId>u/1</UploadId>"
              b"</InitiateMultipartUploadResult>")
    answers = {"POST": reply(200, create), "DELETE": reply(204),
               "PUT": error(403, "AccessDenied")}
    server = serve()
    server.choose = lambda line: answers[line.split()[0]]
    done = redsh(server, tmp_path, r"\s3put big s3://bkt/big")
    assert "access denied" in done.stderr
    lines = [request[0] for request in server.requests]
    assert any(line.startswith("DELETE /bkt/big?uploadId=u%2F1 ")
               for line in lines)
    uploads = tmp_path / ".local/state/redsh/uploads"
    assert list(uploads.iterdir()) == []


def test_control_c_ends_the_wait_for_a_silent_server(serve, tmp_path):
    server = serve(None)
    child = subprocess.Popen(
        [REDSH, "-X", "--offline", "--no-cache", "-c", r"\s3ls s3://bkt"],
        env=environment(server, tmp_path), cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.asked.wait(60)
    child.send_signal(signal.SIGINT)
    # the server sleeps for 30 s: only the signal can end it sooner
    _, err = child.communicate(timeout=20)
    assert "cancelled" in err.lower()
    assert child.returncode != 0


def test_signed_requests_hide_nothing_they_should_sign(serve, tmp_path):
    server = serve(reply(200, LIST))
    redsh(server, tmp_path, r"\s3ls s3://bkt")
    line, headers, _ = server.requests[0]
    assert "x-amz-content-sha256" in headers
    signed = headers["authorization"].split("SignedHeaders=")[1].split(",")[0]
    for name in headers:
        if name.startswith("x-amz-"):
            assert name in signed.split(";")
    assert "host" in signed.split(";")
    assert line.startswith("GET /bkt?")
