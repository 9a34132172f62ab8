"""Requests to the sandbox's AWS endpoints, signed by our own hands (the steps
of AWS Signature Version 4) and sent byte by byte, so that every one of them
can be wrong."""

import datetime
import hashlib
import hmac
import re
import socket
import urllib.parse

SECONDS = 120
UNSIGNED = "UNSIGNED-PAYLOAD"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Signer:
    """Every part of the credential scope can be set to something else."""

    def __init__(self, key_id, secret, region="us-east-1", service="s3",
                 seconds=0):
        self.key_id, self.secret = key_id, secret
        self.region, self.service = region, service
        now = (datetime.datetime.now(datetime.timezone.utc) +
               datetime.timedelta(seconds=seconds))
        self.time = now.strftime("%Y%m%dT%H%M%SZ")
        self.scope = "/".join((self.time[:8], region, service,
                               "aws4_request"))

    def key(self):
        key = mac(("AWS4" + self.secret).encode(), self.time[:8])
        for part in (self.region, self.service, "aws4_request"):
            key = mac(key, part)
        return key

    def sign(self, title, *lines):
        text = "\n".join((title, self.time, self.scope, *lines))
        return mac(self.key(), text).hex()

    def signature(self, method, path, query, headers, payload):
        """path and query as they are sent; headers: lower-case names."""
        names = sorted(headers)
        canonical = "\n".join((
            method, path, "&".join(sorted(query.split("&"))) if query else "",
            *(f"{name}:{headers[name].strip()}" for name in names), "",
            ";".join(names), payload))
        return self.sign("AWS4-HMAC-SHA256", sha256(canonical.encode()))

    def headers(self, method, target, body=b"", payload=None, **more):
        """All headers of a right request; more: others, also signed."""
        path, _, query = target.partition("?")
        if query and "=" not in query:
            query += "="
        payload = payload or sha256(body)
        signed = {"host": "127.0.0.1", "x-amz-date": self.time,
                  "x-amz-content-sha256": payload}
        signed.update((name.replace("_", "-"), value)
                      for name, value in more.items())
        signature = self.signature(method, path, query, signed, payload)
        return dict(signed, authorization=(
            f"AWS4-HMAC-SHA256 Credential={self.key_id}/{self.scope}, "
            f"SignedHeaders={';'.join(sorted(signed))}, "
            f"Signature={signature}"))

    def presign(self, path, expires="60"):
        """The target of a GET."""
        query = "&".join(f"{name}={urllib.parse.quote(value, safe='')}"
                         for name, value in (
                             ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
                             ("X-Amz-Credential",
                              f"{self.key_id}/{self.scope}"),
                             ("X-Amz-Date", self.time),
                             ("X-Amz-Expires", expires),
                             ("X-Amz-SignedHeaders", "host")))
        signature = self.signature("GET", path, query, {"host": "127.0.0.1"},
                                   UNSIGNED)
        return f"{path}?{query}&X-Amz-Signature={signature}"

    def chunks(self, seed, parts):
        """A body in signed chunks; seed: the request's signature."""
        body, previous = b"", seed
        for part in [*parts, b""]:
            previous = self.sign("AWS4-HMAC-SHA256-PAYLOAD", previous,
                                 sha256(b""), sha256(part))
            body += f"{len(part):x};chunk-signature={previous}\r\n".encode()
            body += part + b"\r\n"
        return body


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def code(self):
        """AWS's error code, or None."""
        found = re.search(rb"<Code>(\w+)</Code>", self.body)
        return found and found[1].decode()


class Wire:
    """A connection to an endpoint."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.stream = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def end(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def answer(self):
        """None: it hung up without a word."""
        try:
            line = self.stream.readline()
            while line.startswith(b"HTTP/1.1 100"):
                self.stream.readline()
                line = self.stream.readline()
            if not line:
                return None
            headers = {}
            while (header := self.stream.readline().strip()):
                name, _, value = header.decode().partition(":")
                headers[name.lower()] = value.strip()
            length = int(headers.get("content-length", 0))
            return Answer(int(line.split()[1]), headers,
                          self.stream.read(length))
        except ConnectionResetError:
            return None


def head(method, target, headers, version="HTTP/1.1"):
    lines = [f"{method} {target} {version}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Endpoint:
    """Of a running sandbox (raw_sandbox.Sandbox)."""

    def __init__(self, sandbox):
        env = sandbox.env
        self.port = int(env["AWS_ENDPOINT_URL"].rsplit(":", 1)[1])
        self.key_id = env["AWS_ACCESS_KEY_ID"]
        self.secret = env["AWS_SECRET_ACCESS_KEY"]

    def signer(self, **changes):
        return Signer(**{"key_id": self.key_id, "secret": self.secret,
                         **changes})

    def wire(self):
        return Wire(self.port)

    def raw(self, *pieces):
        """What is answered to these bytes and an end."""
        with self.wire() as wire:
            for piece in pieces:
                wire.send(piece)
            wire.end()
            return wire.answer()

    def call(self, method, target, body=b"", signer=None, **more):
        headers = (signer or self.signer()).headers(method, target, body,
                                                    **more)
        if body or method in ("PUT", "POST"):
            headers["content-length"] = str(len(body))
        return self.raw(head(method, target, headers), body)
