"""A Kaggle in memory: the classic REST API at one address, and the storage
that downloads are redirected to at another, which has to get no key. What
goes wrong is scripted by the test."""

import base64
import http.server
import json
import secrets
import threading
import time
import urllib.parse

USER, KEY, TOKEN = "ann", "0123456789abcdef0123456789abcdef", "KGAT_0123456789"
BASIC = "Basic " + base64.b64encode(f"{USER}:{KEY}".encode()).decode()
LOGIN = b"<!DOCTYPE html>\n<html><head><title>Login | Kaggle</title></html>"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass                # a client that hangs up is none of our failures


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):      # pylint: disable=arguments-differ
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, status, value, **headers):
        self.answer(status, json.dumps(value).encode(),
                    Content_Type="application/json", **headers)


class Kaggle:
    """Runs from its making to stop()."""

    def __init__(self):
        kaggle = self

        class Api(Handler):
            def do_GET(self):           # pylint: disable=invalid-name
                kaggle.api(self)

        class Storage(Handler):
            def do_GET(self):           # pylint: disable=invalid-name
                kaggle.storage(self)

        self.servers = [Server(("127.0.0.1", 0), kind)
                        for kind in (Api, Storage)]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url, self.storage_url = (
            f"http://127.0.0.1:{server.server_address[1]}"
            for server in self.servers)
        self.reset()

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def reset(self):
        self.archives = {}      # "owner/slug[/N]": bytes
        self.found = []         # what a search answers
        self.asked = []         # (path, headers) of the API
        self.fetched = []       # (Range, headers) of the storage
        self.first = []         # functions of a handler, one a request
        self.cuts = []          # bytes after which the storage hangs up
        self.after = []         # functions, one behind each download
        self.ranges = True
        self.chunked = False
        self.public = False     # is a key needed for what is no search?
        self.same_host = False  # storage at the API's own address
        self.page = 2           # files of a page
        self.signed = set()
        self.pause = None       # called between blocks of the storage

    # --- the API ---

    def api(self, request):
        url = urllib.parse.urlsplit(request.path)
        self.asked.append((request.path, dict(request.headers)))
        if url.path.startswith("/signed/"):
            self.storage(request)
            return
        if self.first:
            self.first.pop(0)(request)
            return
        public = self.public and url.path != "/api/v1/datasets/list"
        if request.headers.get("Authorization") not in (
                BASIC, f"Bearer {TOKEN}", None if public else BASIC):
            request.answer_json(401, {"code": 401, "message": "Unauthorized"})
            return
        words = [urllib.parse.unquote(word)
                 for word in url.path.split("/")[3:]]
        query = dict(urllib.parse.parse_qsl(url.query))
        if words == ["datasets", "list"]:
            page = int(query.get("page", 1)) - 1
            request.answer_json(200, self.found[page * 20:page * 20 + 20])
        elif words[:2] == ["datasets", "list"]:
            self.list_files(request, words[2:], query)
        elif words[:2] == ["datasets", "download"]:
            self.download(request, words[2:], query)
        else:
            request.answer_json(404, {"code": 404, "message": "Not found"})

    def archive(self, words, query):
        name = "/".join(words[:2])
        if "datasetVersionNumber" in query:
            name += "/" + query["datasetVersionNumber"]
        return name if name in self.archives else None

    def list_files(self, request, words, query):
        name = self.archive(words, query)
        if name is None:
            request.answer_json(404, {"code": 404, "message": "Not found"})
            return
        files = [{"name": f"file {at}.csv", "totalBytes": 1000 + at,
                  "creationDate": "2024-05-01T10:11:12.345Z"}
                 for at in range(5)]
        start = int(query.get("pageToken", "0"))
        more = start + self.page
        request.answer_json(200, {
            "datasetFiles": files[start:more],
            "nextPageToken": str(more) if more < len(files) else ""})

    def download(self, request, words, query):
        name = self.archive(words, query)
        if name is None:
            request.answer_json(404, {"code": 404, "message": "Not found"})
            return
        token = secrets.token_hex(8)
        self.signed.add(token)
        where = self.url if self.same_host else self.storage_url
        request.answer(302, Location=f"{where}/signed/{name}?X-Goog-Signature="
                       + token)

    # --- the storage: each signed address is good once ---

    def storage(self, request):
        url = urllib.parse.urlsplit(request.path)
        token = dict(urllib.parse.parse_qsl(url.query))["X-Goog-Signature"]
        self.fetched.append((request.headers.get("Range"),
                             dict(request.headers)))
        if token not in self.signed:
            request.answer(403, b"<Error><Code>ExpiredToken</Code></Error>")
            return
        self.signed.discard(token)
        body = self.archives[url.path.removeprefix("/signed/")]
        headers = {"ETag": f'"{hash(body) & 0xffffffff:x}"'}
        status, start, end = 200, 0, len(body)
        if self.ranges and request.headers.get("Range"):
            first, last = request.headers["Range"][6:].split("-")
            start, end = int(first), min(int(last or end - 1) + 1, end)
            status = 206
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(body)}"
        self.send(request, status, body[start:end], headers)
        if self.after:
            self.after.pop(0)()

    def send(self, request, status, body, headers):
        cut = self.cuts.pop(0) if self.cuts else None
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Type", "application/zip")
        if self.chunked:
            request.send_header("Transfer-Encoding", "chunked")
        else:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if cut is not None:
            request.wfile.write(body[:cut])
            request.close_connection = True
            return
        for at in range(0, len(body), 65536):
            if self.pause:
                self.pause()
            block = body[at:at + 65536]
            if self.chunked:
                block = b"%x\r\n%s\r\n" % (len(block), block)
            request.wfile.write(block)
        if self.chunked:
            request.wfile.write(b"0\r\n\r\n")


def replies(status, body=b"", **headers):
    """A function for first: this once."""
    def reply(request):
        request.answer(status, body, **headers)
    return reply


def stalls(seconds=3600):
    """Sends the head of a reply and nothing more."""
    def reply(request):
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.flush()
        time.sleep(seconds)
    return reply
