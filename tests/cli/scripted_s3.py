"""An S3 in memory that misbehaves on demand: what it does to a request is
decided by the test's function, over a socket of its own, so that it may also
lie, stall, hang up or never end. Signatures are not judged but for their
region and time, where a test asks for that."""

import base64
import contextlib
import datetime
import functools
import hashlib
import re
import socket
import threading
import urllib.parse
import xml.etree.ElementTree as ElementTree

POLYNOMIAL = 0x9a6c9329ac4bc9b5
KEY_ID = "AKIAIOSFODNN7EXAMPLE"


def make_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


TABLE = make_table()


@functools.lru_cache(maxsize=64)
def crc64(data):
    """The CRC64NVME of S3, as its header has it."""
    crc = 2 ** 64 - 1
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ (crc >> 8)
    return base64.b64encode((crc ^ (2 ** 64 - 1)).to_bytes(8, "big")).decode()


class Request:
    def __init__(self, stream, server):
        line = stream.readline().decode("latin-1")
        if not line:
            raise ConnectionError("the client left")
        self.method, self.target, _ = line.split()
        path, _, query = self.target.partition("?")
        self.path = urllib.parse.unquote(path)
        self.query = dict(urllib.parse.parse_qsl(query,
                                                 keep_blank_values=True))
        self.headers = {}
        while (line := stream.readline().decode("latin-1").strip()):
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.body = stream.read(int(self.headers.get("content-length", 0)))
        self.server = server
        self.number = 0         # of its kind, 1 is the first
        scope = re.search(r"Credential=([^/]*)/[0-9]*/([^/]*)/",
                          self.headers.get("authorization", ""))
        self.key_id, self.region = scope.groups() if scope else (None, None)

    @property
    def kind(self):
        """The operation, as far as these tests need to tell them apart."""
        at_object = self.path.count("/") > 1 and \
            self.path.split("/", 2)[2] != ""
        for name, query in (("uploads", "Create"), ("partNumber", "Part"),
                            ("uploadId", {"POST": "Complete", "GET": "Parts",
                                          "DELETE": "Abort"}),
                            ("list-type", "List")):
            if name in self.query:
                return query[self.method] if isinstance(query, dict) else query
        if "x-amz-copy-source" in self.headers:
            return "Copy"
        kind = {"PUT": "Put", "GET": "Get", "HEAD": "Head",
                "DELETE": "Delete", "POST": "Post"}[self.method]
        return kind if at_object else kind + "Bucket"


class Reply:
    def __init__(self, status=200, body=b"", **headers):
        self.status = status
        self.body = body
        self.headers = {name.replace("_", "-"): value
                        for name, value in headers.items()}
        self.cut = None         # bytes of the body that are sent
        self.no_body = False

    def head(self):
        lines = [f"HTTP/1.1 {self.status} Said"]
        headers = {"date": http_date(), "x-amz-request-id": "REQUEST1",
                   "x-amz-id-2": "HOST1",
                   "content-length": str(len(self.body))}
        headers.update(self.headers)
        lines += [f"{name}: {value}" for name, value in headers.items()
                  if value is not None]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"


class Close(Exception):
    """Hang up, after these bytes."""

    def __init__(self, data=b""):
        self.data = data


class Stall(Exception):
    """Say no more, after these bytes, until the client has left."""

    def __init__(self, data=b""):
        self.data = data


class Endless(Exception):
    """Go on saying the second after the first."""

    def __init__(self, first, again):
        self.first, self.again = first, again


def http_date(seconds=0):
    now = datetime.datetime.now(datetime.timezone.utc) + \
        datetime.timedelta(seconds=seconds)
    return now.strftime("%a, %d %b %Y %H:%M:%S GMT")


def failure(status, code, message="said the script", **more):
    extra = "".join(f"<{name}>{value}</{name}>"
                    for name, value in more.items())
    return Reply(status, (f"<?xml version='1.0'?><Error><Code>{code}</Code>"
                          f"<Message>{message}</Message>{extra}</Error>")
                 .encode())


class ScriptedS3:
    """script(request): None to go on as S3 does, a Reply, or raises Close,
    Stall, Endless."""

    def __init__(self, script=None, context=None, ahead_s=0):
        self.script = script
        self.context = context
        self.ahead_s = ahead_s          # of its clock
        self.lock = threading.Lock()
        self.objects = {}               # path -> bytes
        self.etags = {}
        self.sums = {}                  # path -> crc64nvme
        self.uploads = {}               # id -> {number: bytes}
        self.requests = []
        self.seen = threading.Semaphore(0)      # once a request
        self.said = 0                   # bytes by Endless
        self.at_once = self.most_at_once = 0
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.socket.getsockname()[1]
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.socket.close()

    def put(self, path, data):
        with self.lock:
            self.objects[path] = data
            self.etags[path] = f'"{hashlib.md5(data).hexdigest()}"'
            self.sums[path] = crc64(data)

    def count(self, kind):
        return sum(request.kind == kind for request in self.requests)

    def of(self, kind):
        return [request for request in self.requests if request.kind == kind]

    # --- the connection ---

    def accept(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(peer,),
                             daemon=True).start()

    def talk(self, peer):
        try:
            if self.context:
                peer = self.context.wrap_socket(peer, server_side=True)
            stream = peer.makefile("rb")
            while True:
                self.turn(peer, Request(stream, self))
        except (OSError, ValueError):
            pass
        finally:
            # A mistake of the script ends the connection too.
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            peer.close()

    def turn(self, peer, request):
        with self.lock:
            self.requests.append(request)
            request.number = self.count(request.kind)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.seen.release()
        try:
            reply = self.script(request) if self.script else None
            if reply is None:
                reply = self.serve(request)
            body = b"" if request.method == "HEAD" else reply.body
            peer.sendall(reply.head() + body[:reply.cut])
            if reply.cut is not None:
                raise Close
        except Close as action:
            peer.sendall(action.data)
            raise ConnectionError from None
        except Stall as action:
            peer.sendall(action.data)
            while peer.recv(4096):
                pass
            raise ConnectionError from None
        except Endless as action:
            peer.sendall(action.first)
            while True:
                peer.sendall(action.again)
                self.said += len(action.again)
        finally:
            with self.lock:
                self.at_once -= 1

    # --- what S3 does ---

    def serve(self, request):
        with self.lock:
            return getattr(self, "do_" + request.kind.lower())(request)

    def fits(self, request, data):
        """A body that is not what was promised is refused."""
        said = request.headers.get("x-amz-content-sha256", "")
        if len(said) == 64 and said != hashlib.sha256(data).hexdigest():
            return failure(400, "XAmzContentSHA256Mismatch")
        said = request.headers.get("x-amz-checksum-crc64nvme")
        if said is not None and said != crc64(data):
            return failure(400, "BadDigest")
        return None

    def do_put(self, request):
        bad = self.fits(request, request.body)
        if bad:
            return bad
        self.keep(request.path, request.body)
        return Reply(etag=self.etags[request.path])

    def keep(self, path, data):
        self.objects[path] = data
        self.etags[path] = f'"{hashlib.md5(data).hexdigest()}"'
        self.sums[path] = crc64(data)

    def facts(self, request):
        path = request.path
        reply = Reply(etag=self.etags[path], accept_ranges="bytes",
                      last_modified="Sat, 14 Mar 2026 15:09:26 GMT")
        if request.headers.get("x-amz-checksum-mode") == "ENABLED" and \
                "range" not in request.headers:
            reply.headers["x-amz-checksum-crc64nvme"] = self.sums[path]
            reply.headers["x-amz-checksum-type"] = "FULL_OBJECT"
        return reply

    def do_head(self, request):
        if request.path not in self.objects:
            return Reply(404)
        reply = self.facts(request)
        reply.headers["content-length"] = str(len(self.objects[request.path]))
        return reply

    def do_get(self, request):
        if request.path not in self.objects:
            return failure(404, "NoSuchKey")
        reply = self.facts(request)
        reply.body = self.objects[request.path]
        ranged = re.fullmatch("bytes=([0-9]+)-([0-9]*)",
                              request.headers.get("range", ""))
        if ranged:
            first = int(ranged[1])
            last = min(int(ranged[2] or 1 << 60), len(reply.body) - 1)
            if first > last:
                return failure(416, "InvalidRange")
            reply.headers["content-range"] = \
                f"bytes {first}-{last}/{len(reply.body)}"
            reply.body = reply.body[first:last + 1]
            reply.status = 206
        return reply

    def do_postbucket(self, request):
        """DeleteObjects, which answers with what went wrong: nothing."""
        assert "delete" in request.query
        for key in re.findall(rb"<Key>([^<]*)</Key>", request.body):
            self.objects.pop("/bucket/" + key.decode(), None)
        return Reply(body=b"<DeleteResult></DeleteResult>")

    def do_delete(self, request):
        self.objects.pop(request.path, None)
        return Reply(204)

    def do_copy(self, request):
        source = "/" + urllib.parse.unquote(
            request.headers["x-amz-copy-source"])
        if source.startswith("/arn:"):
            source = "/" + source.split("/object/")[1]
        if source not in self.objects:
            return failure(404, "NoSuchKey")
        self.keep(request.path, self.objects[source])
        return Reply(body=b"<CopyObjectResult><ETag>x</ETag>"
                          b"</CopyObjectResult>")

    def do_create(self, request):
        name = f"upload{len(self.uploads)}"
        self.uploads[name] = {}
        return Reply(body=f"<R><UploadId>{name}</UploadId></R>".encode())

    def do_part(self, request):
        upload = self.uploads.get(request.query["uploadId"])
        if upload is None:
            return failure(404, "NoSuchUpload")
        bad = self.fits(request, request.body)
        if bad:
            return bad
        upload[int(request.query["partNumber"])] = request.body
        return Reply(etag=f'"{hashlib.md5(request.body).hexdigest()}"')

    def do_parts(self, request):
        upload = self.uploads.get(request.query["uploadId"])
        if upload is None:
            return failure(404, "NoSuchUpload")
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><Size>{len(data)}</Size>"
            f"<ETag>\"{hashlib.md5(data).hexdigest()}\"</ETag></Part>"
            for number, data in sorted(upload.items()))
        return Reply(body=f"<R>{parts}</R>".encode())

    def do_complete(self, request):
        upload = self.uploads.get(request.query["uploadId"])
        if upload is None:
            return failure(404, "NoSuchUpload")
        root = ElementTree.fromstring(request.body)
        numbers = [int(node.text) for node in root.iter()
                   if node.tag.endswith("PartNumber")]
        data = b"".join(upload[number] for number in numbers)
        said = request.headers.get("x-amz-checksum-crc64nvme")
        if said is not None and said != crc64(data):
            return failure(400, "BadDigest")
        del self.uploads[request.query["uploadId"]]
        self.keep(request.path, data)
        return Reply(body=b"<R><ETag>x</ETag></R>")

    def do_abort(self, request):
        self.uploads.pop(request.query["uploadId"], None)
        return Reply(204)

    def do_list(self, request):
        bucket = "/" + request.path.strip("/") + "/"
        prefix = request.query.get("prefix", "")
        keys = sorted(path[len(bucket):] for path in self.objects
                      if path.startswith(bucket + prefix))
        rows = "".join(
            f"<Contents><Key>{urllib.parse.quote(key)}</Key>"
            f"<Size>{len(self.objects[bucket + key])}</Size>"
            "<LastModified>2026-03-14T15:09:26.000Z</LastModified>"
            "</Contents>" for key in keys)
        return Reply(body=("<ListBucketResult><EncodingType>url"
                           "</EncodingType><IsTruncated>false</IsTruncated>"
                           f"{rows}</ListBucketResult>").encode())

    def do_headbucket(self, request):
        return Reply()

    def do_getbucket(self, request):
        return Reply(body=b"<ListAllMyBucketsResult><Buckets/>"
                          b"</ListAllMyBucketsResult>")

    do_putbucket = do_headbucket
    do_deletebucket = do_headbucket
