"""QuickSight by requests that botocore signs and sends, and nothing else of
it: its own client refuses to send what is wrong, or newer than itself."""

import json
import os
import urllib.parse
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCOUNT = "123456789012"


def read_operations():
    """Name to method, path and members that are in the query."""
    path = os.path.join(os.environ["REDSH_SHARE"], "sandbox/quicksight.tsv")
    found, members, inside = {}, {}, None
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    for row in rows:
        if row[0] == "structure":
            inside = members.setdefault(row[1], {})
        elif row[0] == "member" and len(row) > 4 and "query:" in row[4]:
            inside[row[1]] = row[4].split(":")[1]
    for row in rows:
        if row[0] == "op":
            found[row[1].lower()] = (row[2], row[3], members[row[4]])
    return found


class QuickSight:
    """Methods are operations: create_dashboard(DashboardId=...)."""

    def __init__(self, server, region="us-east-1", keys=None):
        self.server = server
        self.keys = keys or (server.env["AWS_ACCESS_KEY_ID"],
                             server.env["AWS_SECRET_ACCESS_KEY"])
        self.region = region
        self.operations = read_operations()

    def request(self, method, path, body=None, headers=()):
        """Status, headers, and the answer's JSON (or bytes)."""
        env = self.server.env
        request = AWSRequest(
            method, env["AWS_ENDPOINT_URL"] + path,
            data=body, headers={"Content-Type": "application/json",
                                **dict(headers)})
        SigV4Auth(Credentials(*self.keys), "quicksight",
                  self.region).add_auth(request)
        return fetch(request.url, request.method, body,
                     dict(request.headers))

    def send(self, name, arguments):
        method, path, query = self.operations[name.replace("_", "")]
        body, asked = {}, []
        for key, value in {"AwsAccountId": ACCOUNT, **arguments}.items():
            if "{" + key + "}" in path:
                path = path.replace("{" + key + "}",
                                    urllib.parse.quote(str(value), safe=""))
            elif key in query:
                shown = json.dumps(value) if isinstance(value, bool) else value
                asked.append((query[key], shown))
            else:
                body[key] = value
        if asked:
            path += "?" + urllib.parse.urlencode(asked)
        text = json.dumps(body).encode() if method in ("POST", "PUT") else None
        return self.request(method, path, text)

    def __getattr__(self, name):
        def call(**arguments):
            status, headers, answer = self.send(name, arguments)
            assert status < 300, (name, status, answer)
            assert answer["Status"] == status, answer
            assert answer["RequestId"] == headers["x-amzn-RequestId"]
            return answer
        return call

    def fails(self, name, **arguments):
        """The error's code, HTTP status and message."""
        status, headers, answer = self.send(name, arguments)
        assert status >= 400, answer
        assert answer["__type"] == headers["x-amzn-ErrorType"]
        assert answer["RequestId"]
        return headers["x-amzn-ErrorType"], status, answer["Message"]


def fetch(link, method="GET", body=None, headers=()):
    request = urllib.request.Request(link, data=body, method=method,
                                     headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return read(answer)
    except urllib.error.HTTPError as error:
        return read(error)


def read(answer):
    text = answer.read()
    if answer.headers["Content-Type"] == "application/json":
        text = json.loads(text)
    return answer.status, answer.headers, text
