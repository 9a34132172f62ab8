"""The sandbox's Kaggle and S3 without a database, and requests to it."""

import base64
import http.client
import json
import os
import shlex
import subprocess
import types
import urllib.error
import urllib.parse
import urllib.request

from s3_server import S3Server


class KaggleServer(S3Server):
    """Runs from its making to stop()."""

    def __init__(self):
        super().__init__()
        while len(self.env) < 8:
            line = self.process.stdout.readline()
            assert line, "s3_serve ended"
            name, value = shlex.split(line)[1].split("=", 1)
            self.env[name] = value
        self.base = self.env["KAGGLE_API_ENDPOINT"]
        self.port = urllib.parse.urlsplit(self.base).port

    def kaggle(self, *words, fails=False):
        """redsh-sandbox kaggle; what it printed, or complained of."""
        done = subprocess.run(
            [os.path.abspath(os.environ["REDSH_SANDBOX"]), "kaggle", *words,
             "--dir", self.dir], capture_output=True, check=False,
            encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL)
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else done.stdout

    def keys(self, user=None, key=None, token=None):
        if token:
            return {"Authorization": "Bearer " + token}
        pair = (f"{user or self.env['KAGGLE_USERNAME']}:"
                f"{key or self.env['KAGGLE_KEY']}")
        return {"Authorization":
                "Basic " + base64.b64encode(pair.encode()).decode()}

    def ask(self, target, headers=None, method="GET", body=None):
        """One request, no redirect followed. headers None: with the key."""
        url = urllib.parse.urlsplit(target)
        where = http.client.HTTPConnection("127.0.0.1", self.port)
        headers = dict(self.keys() if headers is None else headers)
        if url.netloc:
            headers["Host"] = url.netloc
            target = target[target.index("/", len("http://")):]
        where.request(method, target, body, headers)
        answer = where.getresponse()
        body = answer.read()
        where.close()
        return types.SimpleNamespace(
            status=answer.status, headers=answer.headers, body=body,
            json=json.loads(body) if "json" in
            (answer.headers.get("Content-Type") or "") else None)

    def api(self, path, headers=None):
        return self.ask("/api/v1/datasets/" + path, headers)

    def link(self, path):
        """Where a download leads to."""
        answer = self.api("download/" + path)
        assert answer.status == 302, answer.body
        return answer.headers["Location"]

    def download(self, path, **headers):
        return self.ask(self.link(path), headers)


def kaggle_archive(env, name):
    """The archive of a data set, by the variables of a sandbox."""
    base = env["KAGGLE_API_ENDPOINT"]
    request = urllib.request.Request(
        f"{base}/api/v1/datasets/download/{name}",
        headers={"Authorization": "Bearer " + env["KAGGLE_API_TOKEN"]})

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):   # the key is not for the next host
            return None

    try:
        urllib.request.build_opener(Stay).open(request)
    except urllib.error.HTTPError as answer:
        with urllib.request.urlopen(answer.headers["Location"]) as reply:
            return reply.read()
    raise AssertionError("no redirect")
