"""AWS's hosts on loopback, for whoever speaks to them by a proxy: CONNECT is
answered here, TLS ends here, by a certificate of our own. The keys given out
are made of what was asked and of who asked, so that two clients get the same
keys only when they ask the same.

Plain HTTP on the same port is the metadata service of EC2 and an endpoint of
container credentials."""

import hashlib
import http.server
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse

HOSTS = [f"{name}.{region}.{suffix}"
         for name in ("sts", "sts-fips", "portal.sso", "oidc",
                      "portal.sso-fips")
         for region, suffix in (("us-east-1", "amazonaws.com"),
                                ("us-west-2", "amazonaws.com"),
                                ("eu-west-1", "amazonaws.com"),
                                ("us-gov-west-1", "amazonaws.com"),
                                ("eu-west-1", "api.aws"),
                                ("us-west-2", "api.aws"),
                                ("cn-north-1", "amazonaws.com.cn"))]
HOSTS += ["sts.amazonaws.com", "us-east-1.signin.aws.amazon.com"]
EXPIRES = "2037-01-02T03:04:05Z"
EXPIRES_MS = 2114478245000


def make_certificate(folder):
    key, cert = os.path.join(folder, "tls.key"), os.path.join(folder, "tls.crt")
    names = ",".join("DNS:" + host for host in HOSTS)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
         "2", "-keyout", key, "-out", cert, "-subj", "/CN=fake",
         "-addext", "subjectAltName=" + names], check=True,
        capture_output=True)
    return key, cert


def keys_for(*what):
    """Key id, secret and token that say what they were given for."""
    text = "|".join(str(part) for part in what)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return "ASIA" + digest[:16].upper(), digest[16:56], "tok/" + digest


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host = None             # of CONNECT

    def log_message(self, *args):
        pass

    def do_CONNECT(self):
        host = self.path.split(":")[0]
        if host not in HOSTS:
            self.server.fake.strays.append(host)
            self.send_error(502)
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        try:
            inner = self.server.fake.tls.wrap_socket(self.connection,
                                                     server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self.connection = inner
        self.rfile = inner.makefile("rb")
        self.wfile = inner.makefile("wb", buffering=0)
        self.host = host
        self.close_connection = False   # Python's own clients say HTTP/1.0

    def answer(self, status, body, kind="text/plain", **headers):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def json(self, status, value, **headers):
        self.answer(status, json.dumps(value), "application/json", **headers)

    def handle_any(self):
        fake = self.server.fake
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        host = self.host or self.headers.get("Host", "").split(":")[0]
        fake.seen.append((self.command, host, self.path, dict(self.headers),
                          body))
        if self.path in fake.faults:
            return fake.faults[self.path](self)
        if self.host is None:
            return self.plain()
        if self.host.startswith("sts"):
            return self.sts(body)
        if self.host.startswith("portal.sso"):
            return self.portal()
        if self.host.startswith("oidc"):
            return self.oidc(json.loads(body))
        if ".signin." in self.host:
            return self.signin(json.loads(body))
        return self.answer(404, "")

    do_GET = do_POST = do_PUT = handle_any

    # ---- STS

    def sts(self, body):
        form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        action = form["Action"]
        if action == "GetCallerIdentity":
            return self.answer(200, (
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>"
                "arn:aws:sts::1:assumed-role/m/me</Arn><UserId>AROA:me"
                "</UserId><Account>123456789012</Account>"
                "</GetCallerIdentityResult></GetCallerIdentityResponse>"),
                "text/xml")
        signed = re.search(r"Credential=([^/]+)/\d+/([^/]+)/",
                           self.headers.get("Authorization", ""))
        if "bad" in form.get("RoleArn", ""):
            return self.answer(403, (
                "<ErrorResponse><Error><Type>Sender</Type>"
                "<Code>AccessDenied</Code><Message>not allowed</Message>"
                "</Error></ErrorResponse>"), "text/xml")
        name = form.pop("RoleSessionName", "")
        if not name.startswith(("botocore-session", "redsh")):
            form["RoleSessionName"] = name
        ident, secret, token = keys_for(
            self.host, sorted(form.items()), signed and signed.groups())
        self.answer(200, (
            f"<{action}Response xmlns='https://sts.amazonaws.com/doc/"
            f"2011-06-15/'><{action}Result><AssumedRoleUser><Arn>a</Arn>"
            "<AssumedRoleId>b</AssumedRoleId></AssumedRoleUser><Credentials>"
            f"<AccessKeyId>{ident}</AccessKeyId>"
            f"<SecretAccessKey>{secret}</SecretAccessKey>"
            f"<SessionToken>{token}</SessionToken>"
            f"<Expiration>{EXPIRES}</Expiration></Credentials>"
            f"</{action}Result></{action}Response>"), "text/xml")

    # ---- IAM Identity Center

    def portal(self):
        token = self.headers.get("x-amz-sso_bearer_token", "")
        query = dict(urllib.parse.parse_qsl(self.path.partition("?")[2]))
        if token.startswith("revoked"):
            return self.json(401, {"message": "Session token not found or "
                                   "invalid", "__type":
                                   "com.amazonaws.switchboard.portal#"
                                   "UnauthorizedException"},
                             x_amzn_ErrorType="UnauthorizedException")
        if query["role_name"] == "nobody":
            return self.json(403, {"message": "No access"},
                             x_amzn_ErrorType="ForbiddenException")
        ident, secret, key = keys_for(self.host, sorted(query.items()), token)
        return self.json(200, {"roleCredentials": {
            "accessKeyId": ident, "secretAccessKey": secret,
            "sessionToken": key, "expiration": EXPIRES_MS}})

    def oidc(self, asked):
        if self.path != "/token" or asked["grantType"] != "refresh_token":
            return self.json(400, {"error": "invalid_request"})
        if asked["refreshToken"].startswith("revoked"):
            return self.json(400, {"error": "invalid_grant"},
                             x_amzn_ErrorType="InvalidGrantException")
        return self.json(200, {
            "accessToken": keys_for(sorted(asked.items()))[2],
            "expiresIn": 3600, "refreshToken": "next", "tokenType": "Bearer"})

    def signin(self, asked):
        if asked["refreshToken"].startswith("revoked"):
            return self.json(400, {"error": "TOKEN_EXPIRED"})
        ident, secret, key = keys_for(sorted(asked.items()))
        return self.json(200, {
            "accessToken": {"accessKeyId": ident, "secretAccessKey": secret,
                            "sessionToken": key},
            "tokenType": "aws_sigv4", "expiresIn": 900,
            "refreshToken": "next"})

    # ---- EC2 and containers

    def plain(self):
        if self.path == "/" and self.command == "POST":
            self.host = "override"      # of STS
            return self.sts(self.server.fake.seen[-1][4])
        if self.path == "/latest/api/token" and self.command == "PUT":
            return self.answer(200, "imds-token")
        if self.path.startswith("/latest/meta-data/"):
            if self.headers.get("x-aws-ec2-metadata-token") != "imds-token":
                return self.answer(401, "")
            rest = self.path[len("/latest/meta-data/"):]
            if rest == "iam/security-credentials/":
                return self.answer(200, "web-server")
            if rest == "iam/security-credentials/web-server":
                ident, secret, key = keys_for("imds", rest)
                return self.json(200, {
                    "Code": "Success", "Type": "AWS-HMAC",
                    "LastUpdated": "2026-01-01T00:00:00Z",
                    "AccessKeyId": ident, "SecretAccessKey": secret,
                    "Token": key, "Expiration": EXPIRES})
        if self.path.startswith("/container"):
            ident, secret, key = keys_for(
                self.path, self.headers.get("Authorization"))
            return self.json(200, {
                "AccessKeyId": ident, "SecretAccessKey": secret,
                "Token": key, "Expiration": EXPIRES, "RoleArn": "r"})
        return self.answer(404, "")


class AwsHosts:
    def __init__(self, folder):
        key, self.certificate = make_certificate(folder)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate, key)
        self.seen, self.strays, self.faults = [], [], {}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.server.fake = self
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def hang(handler):
    """For faults: never answers, until the client goes away."""
    handler.connection.settimeout(10)
    try:
        while handler.connection.recv(100):
            time.sleep(0.01)
    except (socket.timeout, OSError):
        pass
    handler.close_connection = True
