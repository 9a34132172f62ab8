"""An S3 that stops in the middle of bodies until it is told to go on, so that
a test can look at a transfer while it is under way. Signatures are not looked
at: what the sandbox is for."""

import hashlib
import http.server
import re
import threading
import urllib.parse
from xml.sax.saxutils import escape

PIECE = 65536


class HeldS3:
    def __init__(self):
        self.objects = {}   # "bucket/key" -> bytes
        self.uploads = {}   # id -> {number: bytes}
        self.seen = []      # "PUT bucket/key?partNumber=1&uploadId=u1"
        self.held = []      # patterns of such requests that wait half-way
        self.waiting = 0    # requests that do
        self.refused = {}   # pattern -> (status, code)
        self.refuse_roles = False
        self.dead = set()   # access keys that have expired
        self.roles = []     # forms of AssumeRole; key N of them is ASIA<N>
        self.changed = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *unused):
                pass

            def handle(self):
                try:
                    super().handle()
                except OSError:  # the client has gone
                    pass

            def serve(self):
                outer.serve(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def env(self):
        return {"AWS_ACCESS_KEY_ID": "AKIAHELD", "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.url}

    def close(self):
        self.go_on()
        self.server.shutdown()
        self.server.server_close()

    # --- what tests say ---

    def hold(self, pattern):
        with self.changed:
            self.held.append(pattern)

    def go_on(self):
        with self.changed:
            self.held = []
            self.changed.notify_all()

    def wait_held(self, count=1):
        with self.changed:
            assert self.changed.wait_for(lambda: self.waiting >= count, 90)

    def wait_seen(self, name):
        with self.changed:
            assert self.changed.wait_for(lambda: name in self.seen, 90)

    def wait_part(self, number):
        with self.changed:
            assert self.changed.wait_for(
                lambda: any(number in parts
                            for parts in self.uploads.values()), 90)

    def expire(self):
        """The keys of all roles so far are refused from now on."""
        with self.changed:
            self.dead |= {f"ASIA{n}" for n in range(1, len(self.roles) + 1)}

    # --- requests ---

    def assume(self, request, name, body):
        """STS: keys without an end, so that only a refusal tells it."""
        form = dict(urllib.parse.parse_qsl(body.decode()))
        if form["Action"] == "GetCallerIdentity":
            self.reply(request, name, 200, (
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>"
                "arn:aws:sts::1:assumed-role/r/me</Arn><UserId>A:me</UserId>"
                "<Account>1</Account></GetCallerIdentityResult>"
                "</GetCallerIdentityResponse>").encode())
            return
        if self.refuse_roles:
            self.reply(request, name, 403, b"<ErrorResponse><Error><Code>"
                       b"AccessDenied</Code></Error></ErrorResponse>")
            return
        with self.changed:
            self.roles.append(form)
            number = len(self.roles)
        self.reply(request, name, 200, (
            "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
            f"<AccessKeyId>ASIA{number}</AccessKeyId>"
            "<SecretAccessKey>x</SecretAccessKey><SessionToken>t"
            "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
            "</Credentials><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role"
            "/r/me</Arn></AssumedRoleUser></AssumeRoleResult>"
            "</AssumeRoleResponse>").encode())

    def pause(self, name):
        def free():
            return not any(re.search(one, name) for one in self.held)

        with self.changed:
            if free():
                return
            self.waiting += 1
            self.changed.notify_all()
            self.changed.wait_for(free)
            self.waiting -= 1

    def serve(self, request):
        path, _, query = request.path.partition("?")
        place = urllib.parse.unquote(path).lstrip("/")
        args = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        name = f"{request.command} {place}" + ("?" + query if query else "")
        with self.changed:
            self.seen.append(name)
            self.changed.notify_all()
        body = self.read(request, name)
        if request.command == "POST" and place == "":
            self.assume(request, name, body)
            return
        key = re.search(r"Credential=([^/]*)/",
                        request.headers.get("authorization", ""))
        if key and key[1] in self.dead:
            self.reply(request, name, 400,
                       b"<Error><Code>ExpiredToken</Code></Error>")
            return
        for pattern, (status, code) in self.refused.items():
            if re.search(pattern, name):
                self.reply(request, name, status,
                           f"<Error><Code>{code}</Code></Error>".encode())
                return
        getattr(self, "do_" + request.command.lower())(
            request, name, place, args, body)

    def read(self, request, name):
        left = int(request.headers.get("content-length", 0))
        half = left // 2
        body = b""
        if request.headers.get("expect", "").lower() == "100-continue":
            request.send_response_only(100)
            request.end_headers()
        while left > 0:
            if request.command == "PUT" and left <= half:
                self.pause(name)
                half = -1
            got = request.rfile.read(min(left, PIECE))
            if not got:
                break
            body += got
            left -= len(got)
        return body

    def reply(self, request, name, status, body=b"", **headers):
        length = headers.pop("content_length", len(body))
        request.send_response(status)
        for header, value in headers.items():
            request.send_header(header.replace("_", "-"), value)
        request.send_header("content-length", str(length))
        request.end_headers()
        if request.command == "HEAD":
            return
        half = len(body) // 2
        request.wfile.write(body[:half])
        request.wfile.flush()
        if request.command == "GET":
            self.pause(name)
        request.wfile.write(body[half:])

    def etag(self, body):
        return f'"{hashlib.md5(body).hexdigest()}"'

    def do_put(self, request, name, place, args, body):
        if "partNumber" in args:
            with self.changed:
                parts = self.uploads[args["uploadId"]]
                parts[int(args["partNumber"])] = body
                self.changed.notify_all()
        else:
            self.objects[place] = body
        self.reply(request, name, 200, etag=self.etag(body))

    def do_post(self, request, name, place, args, body):
        bucket, _, key = place.partition("/")
        if "uploads" in args:
            upload = f"u{len(self.uploads) + 1}"
            self.uploads[upload] = {}
            text = f"<UploadId>{upload}</UploadId>"
            tag = "InitiateMultipartUploadResult"
        else:
            parts = self.uploads[args["uploadId"]]
            self.objects[place] = b"".join(parts[n] for n in sorted(parts))
            text = f"<ETag>{self.etag(self.objects[place])}</ETag>"
            tag = "CompleteMultipartUploadResult"
        self.reply(request, name, 200,
                   f"<{tag}><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
                   f"{text}</{tag}>".encode())

    def do_get(self, request, name, place, args, _):
        if "uploadId" in args:
            parts = self.uploads[args["uploadId"]]
            text = "".join(
                f"<Part><PartNumber>{n}</PartNumber><ETag>"
                f"{self.etag(parts[n])}</ETag><Size>{len(parts[n])}</Size>"
                "</Part>" for n in sorted(parts))
            self.reply(request, name, 200,
                       f"<ListPartsResult><IsTruncated>false</IsTruncated>"
                       f"{text}</ListPartsResult>".encode())
        elif "list-type" in args:
            self.list(request, name, place, args)
        else:
            self.give(request, name, place)

    def list(self, request, name, bucket, args):
        start = bucket + "/" + args.get("prefix", "")
        text = "".join(
            f"<Contents><Key>{escape(place.partition('/')[2])}</Key>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>{self.etag(body)}</ETag><Size>{len(body)}</Size>"
            "<StorageClass>STANDARD</StorageClass></Contents>"
            for place, body in sorted(self.objects.items())
            if place.startswith(start))
        self.reply(request, name, 200,
                   f"<ListBucketResult><IsTruncated>false</IsTruncated>{text}"
                   "</ListBucketResult>".encode())

    def give(self, request, name, place):
        body = self.objects.get(place)
        if body is None:
            self.reply(request, name, 404,
                       b"<Error><Code>NoSuchKey</Code></Error>")
            return
        span = re.match(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        more = {"etag": self.etag(body),
                "last_modified": "Thu, 01 Jan 2026 00:00:00 GMT",
                "accept_ranges": "bytes"}
        if request.command == "HEAD":
            self.reply(request, name, 200, content_length=len(body), **more)
        elif span is None or not body:
            self.reply(request, name, 200, body, **more)
        else:
            first = int(span[1])
            last = min(int(span[2] or len(body) - 1), len(body) - 1)
            self.reply(request, name, 206, body[first:last + 1],
                       content_range=f"bytes {first}-{last}/{len(body)}",
                       **more)

    def do_head(self, request, name, place, *_):
        self.give(request, name, place)

    def do_delete(self, request, name, place, args, _):
        if "uploadId" in args:
            self.uploads.pop(args["uploadId"], None)
        else:
            self.objects.pop(place, None)
        self.reply(request, name, 204)
