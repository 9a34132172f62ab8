"""QuickSight as tests want it: it keeps what it is given, answers as the API
reference says, and fails where it is told to. Every request is kept in
.asked as (method, path, query, body)."""

import http.server
import json
import os
import re
import subprocess
import threading
import urllib.parse

ACCOUNT = "123456789012"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:sales-AbCdEf"


class Failure(Exception):
    """code, message, status"""


class FakeQuickSight:
    """slow: how many times a new thing says IN_PROGRESS. fail: (method, regex
    of the path) -> Failure; an answer may be changed by .change likewise, a
    function of (server, body) that returns the answer."""

    def __init__(self, region="eu-west-1", identity="eu-west-1"):
        self.region, self.identity = region, identity
        self.edition = "ENTERPRISE"
        self.users = {"alice": "ADMIN", "bob": "READER"}
        self.groups = ["analysts"]
        self.sources, self.sets, self.analyses = {}, {}, {}
        self.dashboards, self.ingestions, self.jobs = {}, {}, {}
        self.permissions = {}
        self.vpcs = []
        self.clusters = ""
        self.files = {}
        self.slow = 1
        self.now = 1.7e9                # a second later with each thing made
        self.fail, self.asked = [], []
        self.source_error = self.definition_error = None
        self.ingestion_error = self.job_error = None
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *unused):
                pass

            def do_POST(self):
                fake.serve(self)

            do_GET = do_PUT = do_DELETE = do_POST

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # ---- HTTP ----

    def serve(self, request):
        size = int(request.headers.get("content-length") or 0)
        body = request.rfile.read(size)
        url = urllib.parse.urlsplit(request.path)
        path = urllib.parse.unquote(url.path)
        kind = "application/json"
        headers = {}
        if path.startswith("/file/"):
            status, said = 200, self.files[path[6:]]
            kind = "application/octet-stream"
        elif path == "/":
            status, said = 200, self.query_service(body.decode()).encode()
        else:
            query = dict(urllib.parse.parse_qsl(url.query))
            region = re.search(r"Credential=[^/]*/[0-9]*/([^/]*)/",
                               request.headers["authorization"]).group(1)
            document = json.loads(body) if body else None
            self.asked.append((request.command, path, query, document))
            try:
                status, answer = self.answer(request.command, path, query,
                                             document, region)
                answer = {**answer, "RequestId": "r", "Status": status}
            except Failure as failure:
                code, message, status = failure.args
                answer = {"Message": message, "RequestId": "r"}
                headers["x-amzn-ErrorType"] = code + ":http://internal/"
            said = json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("content-type", kind)
        request.send_header("x-amzn-requestid", "r")
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("content-length", str(len(said)))
        request.end_headers()
        request.wfile.write(said)

    def tick(self):
        self.now += 1
        return self.now

    def query_service(self, body):
        action = dict(urllib.parse.parse_qsl(body))["Action"]
        inside = {
            "GetCallerIdentity":
                f"<Account>{ACCOUNT}</Account><UserId>U</UserId>"
                f"<Arn>arn:aws:iam::{ACCOUNT}:user/alice</Arn>",
            "DescribeClusters": f"<Clusters>{self.clusters}</Clusters>",
        }[action]
        return (f"<{action}Response><{action}Result>{inside}"
                f"</{action}Result></{action}Response>")

    # ---- QuickSight ----

    def arn(self, kind, name):
        return f"arn:aws:quicksight:{self.region}:{ACCOUNT}:{kind}/{name}"

    def answer(self, method, path, query, body, region):
        for wanted, regex, failure in self.fail:
            if wanted == method and re.search(regex, path):
                raise failure
        if path == f"/account/{ACCOUNT}":
            self.only_at_home(region)
            return 200, {"AccountInfo": {"Edition": self.edition}}
        head, _, rest = path[1:].partition("/")
        account, _, rest = rest.partition("/")
        assert (head, account) == ("accounts", ACCOUNT), path
        parts = rest.split("/")
        name = {"GET": "get", "POST": "post", "PUT": "put",
                "DELETE": "delete"}[method] + "_" + parts[0].replace("-", "_")
        depth = len(parts)
        function = getattr(self, f"{name}_{depth}", None)
        if function is None:
            raise Failure("InvalidAction", f"{method} {path}", 404)
        if parts[0] == "namespaces":
            self.only_at_home(region)
        return function(parts, query, body)

    def only_at_home(self, region):
        if region != self.identity:
            raise Failure(
                "AccessDeniedException", "Operation is being called from "
                f"endpoint {region}, but your identity region is "
                f"{self.identity}. Please use the {self.identity} endpoint.",
                401)

    @staticmethod
    def find(things, name, what):
        if name not in things:
            raise Failure("ResourceNotFoundException",
                          f"{what} {name} is not found", 404)
        return things[name]

    @staticmethod
    def pages(key, things, query):
        """Two a page."""
        at = int(query.get("next-token", 0))
        things = list(things)
        answer = {key: things[at:at + 2]}
        if at + 2 < len(things):
            answer["NextToken"] = str(at + 2)
        return 200, answer

    def get_namespaces_3(self, parts, query, _):
        if parts[2] == "groups":
            return self.pages("GroupList", [
                {"GroupName": name,
                 "Arn": f"arn:aws:quicksight:{self.identity}:{ACCOUNT}:"
                        f"group/default/{name}"} for name in self.groups],
                query)
        return self.pages("UserList", [
            {"UserName": name, "Role": role, "Email": name + "@example.com",
             "IdentityType": "IAM",
             "Arn": f"arn:aws:quicksight:{self.identity}:{ACCOUNT}:"
                    f"user/default/{name}"}
            for name, role in self.users.items()], query)

    def get_vpc_connections_1(self, parts, query, _):
        return self.pages("VPCConnectionSummaries", self.vpcs, query)

    # data sources

    def get_data_sources_1(self, parts, query, _):
        return self.pages("DataSources", self.sources.values(), query)

    def get_data_sources_2(self, parts, query, _):
        source = self.find(self.sources, parts[1], "DataSource")
        self.step(source, "Status")
        return 200, {"DataSource": source}

    def post_data_sources_1(self, parts, query, body):
        name = body["DataSourceId"]
        if name in self.sources:
            raise Failure("ResourceExistsException", "it exists", 409)
        self.sources[name] = {
            "Arn": self.arn("datasource", name), "DataSourceId": name,
            "Name": body["Name"], "Type": body["Type"],
            "CreatedTime": self.tick(),
            "DataSourceParameters": body["DataSourceParameters"],
            "Status": "CREATION_IN_PROGRESS", "left": self.slow,
            "then": self.source_error}
        return 202, {"Arn": self.arn("datasource", name),
                     "DataSourceId": name,
                     "CreationStatus": "CREATION_IN_PROGRESS"}

    def delete_data_sources_2(self, parts, query, _):
        self.find(self.sources, parts[1], "DataSource")
        del self.sources[parts[1]]
        return 200, {}

    def step(self, thing, key):
        """IN_PROGRESS so many times, then the end."""
        if not thing[key].endswith("_IN_PROGRESS"):
            return
        thing["left"] -= 1
        if thing["left"] >= 0:
            return
        verb = thing[key].split("_")[0]
        if thing.get("then"):
            thing[key] = verb + "_FAILED"
            thing["ErrorInfo"] = thing["then"]
            thing["Errors"] = [thing["then"]]
        else:
            thing[key] = verb + "_SUCCESSFUL"

    # data sets

    def get_data_sets_1(self, parts, query, _):
        return self.pages("DataSetSummaries", [
            {"Arn": self.arn("dataset", name), "DataSetId": name,
             "Name": one["Name"], "ImportMode": one["ImportMode"],
             "LastUpdatedTime": 1.7e9} for name, one in self.sets.items()],
            query)

    def get_data_sets_2(self, parts, query, _):
        return 200, {"DataSet": {**self.find(self.sets, parts[1], "DataSet"),
                                 "Arn": self.arn("dataset", parts[1])}}

    def post_data_sets_1(self, parts, query, body):
        name = body["DataSetId"]
        if name in self.sets:
            raise Failure("ResourceExistsException", "it exists", 409)
        self.sets[name] = body
        answer = {"Arn": self.arn("dataset", name), "DataSetId": name}
        if body["ImportMode"] == "SPICE":
            answer["IngestionId"] = "first"
            self.start_ingestion(name, "first")
        return 201, answer

    def delete_data_sets_2(self, parts, query, _):
        self.find(self.sets, parts[1], "DataSet")
        del self.sets[parts[1]]
        return 200, {}

    def start_ingestion(self, data_set, name):
        self.ingestions[data_set, name] = {
            "IngestionId": name, "IngestionStatus": "INITIALIZED",
            "CreatedTime": self.tick(), "Arn": self.arn(
                "dataset", f"{data_set}/ingestion/{name}"),
            "left": self.slow, "then": self.ingestion_error}

    def put_data_sets_4(self, parts, query, body):
        if self.find(self.sets, parts[1], "DataSet")["ImportMode"] != "SPICE":
            raise Failure("InvalidParameterValueException", "not SPICE", 400)
        self.start_ingestion(parts[1], parts[3])
        return 201, {"IngestionId": parts[3], "IngestionStatus": "INITIALIZED"}

    def get_data_sets_4(self, parts, query, _):
        one = self.ingestions[parts[1], parts[3]]
        if one["IngestionStatus"] in ("INITIALIZED", "RUNNING"):
            one["left"] -= 1
            one.update(IngestionStatus="RUNNING",
                       RowInfo={"RowsIngested": 1000})
            if one["left"] < 0 and one["then"]:
                one.update(IngestionStatus="FAILED", ErrorInfo=one["then"])
            elif one["left"] < 0:
                one.update(IngestionStatus="COMPLETED", RowInfo={
                    "RowsIngested": 4321, "RowsDropped": 0})
        return 200, {"Ingestion": self.ingestion(one)}

    @staticmethod
    def ingestion(one):
        return {key: value for key, value in one.items()
                if key[0].isupper()}

    def get_data_sets_3(self, parts, query, _):
        """In no order."""
        self.find(self.sets, parts[1], "DataSet")
        return self.pages("Ingestions", [
            self.ingestion(one) for (data_set, _), one
            in sorted(self.ingestions.items(), key=str)
            if data_set == parts[1]], query)

    # analyses and dashboards

    def check(self, body):
        if self.definition_error:
            return self.definition_error
        for one in body["Definition"]["DataSetIdentifierDeclarations"]:
            name = one["DataSetArn"].rsplit("/", 1)[1]
            if name not in self.sets:
                return {"Type": "DATA_SET_NOT_FOUND", "Message": name}
        return None

    def get_analyses_2(self, parts, query, _):
        one = self.find(self.analyses, parts[1], "Analysis")
        self.step(one, "Status")
        return 200, {"Analysis": {
            "DataSetArns": [each["DataSetArn"] for each in one["Definition"][
                "DataSetIdentifierDeclarations"]],
            **{key: one[key] for key in ("Status", "Errors", "Name",
                                         "CreatedTime")
               if key in one}}}

    def post_analyses_2(self, parts, query, body):
        if parts[1] in self.analyses:
            raise Failure("ResourceExistsException", "it exists", 409)
        self.analyses[parts[1]] = {**body, "CreatedTime": self.tick(),
                                   "Status": "CREATION_IN_PROGRESS",
                                   "left": self.slow, "then":
                                   self.check(body)}
        return 202, {"Arn": self.arn("analysis", parts[1])}

    def put_analyses_2(self, parts, query, body):
        old = self.find(self.analyses, parts[1], "Analysis")
        self.analyses[parts[1]] = {**body, "CreatedTime": old["CreatedTime"],
                                   "Status": "UPDATE_IN_PROGRESS",
                                   "left": self.slow, "then":
                                   self.check(body)}
        return 200, {"Arn": self.arn("analysis", parts[1])}

    def delete_analyses_2(self, parts, query, _):
        self.find(self.analyses, parts[1], "Analysis")
        del self.analyses[parts[1]]
        return 200, {}

    def get_dashboards_1(self, parts, query, _):
        return self.pages("DashboardSummaryList", [
            {"DashboardId": name, "Name": one["versions"][-1]["Name"],
             "Arn": self.arn("dashboard", name),
             "PublishedVersionNumber": one["published"],
             "LastPublishedTime": 1.7e9}
            for name, one in self.dashboards.items()], query)

    def get_dashboards_2(self, parts, query, _):
        one = self.find(self.dashboards, parts[1], "Dashboard")
        number = int(query.get("version-number", one["published"]))
        version = one["versions"][number - 1]
        self.step(version, "Status")
        sheets = version["Definition"]["Sheets"]
        said = {"VersionNumber": number, "Status": version["Status"],
                "Description": version["VersionDescription"],
                "Errors": version.get("Errors", []),
                "DataSetArns": [each["DataSetArn"] for each in
                                version["Definition"]
                                ["DataSetIdentifierDeclarations"]],
                "Sheets": [{"SheetId": sheet["SheetId"],
                            "Name": sheet["Name"]} for sheet in sheets]}
        return 200, {"Dashboard": {"DashboardId": parts[1],
                                   "Name": version["Name"],
                                   "Version": said}}

    def post_dashboards_2(self, parts, query, body):
        if parts[1] in self.dashboards:
            raise Failure("ResourceExistsException", "it exists", 409)
        self.dashboards[parts[1]] = {"published": 1, "versions": []}
        self.permissions[parts[1]] = {
            one["Principal"]: one["Actions"] for one in body["Permissions"]}
        return self.add_version(parts[1], body, "CREATION")

    def put_dashboards_2(self, parts, query, body):
        self.find(self.dashboards, parts[1], "Dashboard")
        return self.add_version(parts[1], body, "UPDATE")

    def add_version(self, name, body, verb):
        versions = self.dashboards[name]["versions"]
        versions.append({**body, "Status": verb + "_IN_PROGRESS",
                         "left": self.slow, "then": self.check(body)})
        arn = self.arn("dashboard", name)
        return 202, {"Arn": arn, "DashboardId": name,
                     "VersionArn": f"{arn}/version/{len(versions)}"}

    def put_dashboards_4(self, parts, query, _):
        one = self.find(self.dashboards, parts[1], "Dashboard")
        version = one["versions"][int(parts[3]) - 1]
        if not version["Status"].endswith("_SUCCESSFUL"):
            raise Failure("ConflictException", "not ready", 409)
        one["published"] = int(parts[3])
        return 200, {}

    def delete_dashboards_2(self, parts, query, _):
        self.find(self.dashboards, parts[1], "Dashboard")
        del self.dashboards[parts[1]]
        return 200, {}

    def get_dashboards_3(self, parts, query, _):
        one = self.find(self.dashboards, parts[1], "Dashboard")
        if parts[2] == "definition":
            version = one["versions"][one["published"] - 1]
            return 200, {"Definition": version["Definition"]}
        return 200, {"Permissions": [
            {"Principal": arn, "Actions": actions}
            for arn, actions in self.permissions[parts[1]].items()]}

    def put_dashboards_3(self, parts, query, body):
        held = self.permissions[parts[1]]
        for one in body.get("GrantPermissions", []):
            held[one["Principal"]] = one["Actions"]
        for one in body.get("RevokePermissions", []):
            held.pop(one["Principal"], None)
        return self.get_dashboards_3(parts[:2] + ["permissions"], query, None)

    def post_embed_url_2(self, parts, query, body):
        return 200, {"EmbedUrl": "https://eu-west-1.quicksight.aws.amazon.com"
                     "/embed/x?code=SECRET&identityprovider=quicksight"}

    # reports

    def post_dashboards_3(self, parts, query, body):
        self.find(self.dashboards, parts[1], "Dashboard")
        self.jobs[body["SnapshotJobId"]] = {
            "body": body, "left": self.slow, "then": self.job_error}
        return 200, {"SnapshotJobId": body["SnapshotJobId"]}

    def get_dashboards_4(self, parts, query, _):
        job = self.jobs[parts[3]]
        job["left"] -= 1
        status = "RUNNING" if job["left"] >= 0 else \
            "FAILED" if job["then"] else "COMPLETED"
        return 200, {"JobStatus": status}

    def get_dashboards_5(self, parts, query, _):
        job = self.jobs[parts[3]]
        if job["then"]:
            return 200, {"JobStatus": "FAILED", "ErrorInfo": job["then"]}
        files = job["body"]["SnapshotConfiguration"]["FileGroups"]
        kind = files[0]["Files"][0]["FormatType"].lower()
        self.files.setdefault(kind, b"the " + kind.encode())
        return 200, {"JobStatus": "COMPLETED", "Result": {"AnonymousUsers": [
            {"FileGroups": [{"Files": files[0]["Files"], "S3Results": [
                {"S3Uri": f"{self.url}/file/{kind}?X-Amz-Signature=SECRET"}
            ]}]}]}}


def environment_of(server, quicksight, **variables):
    return {
        "PATH": os.environ["PATH"], "PGHOST": str(server.dir),
        "PGUSER": "tester", "PGDATABASE": "postgres", "LC_ALL": "C.UTF-8",
        "HOME": str(server.dir), "AWS_ENDPOINT_URL": quicksight.url,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
        **{name: os.environ[name] for name in
           ("REDSH_SHARE", "ASAN_OPTIONS", "UBSAN_OPTIONS")
           if name in os.environ}, **variables}


def redsh(server, quicksight, *lines, stdin=None, **variables):
    environment = environment_of(server, quicksight, **variables)
    arguments = [part for line in lines for part in ("-c", line)]
    done = subprocess.run([os.environ["REDSH"], "-X", *arguments], env=environment,
                          input=stdin, capture_output=True, check=False,
                          timeout=120, text=True)
    return done.returncode, done.stdout, done.stderr


def publish(server, quicksight, what, name="Sales", **more):
    return redsh(server, quicksight,
                 rf"\quicksight publish {name} --secret {SECRET} {what}",
                 **more)
