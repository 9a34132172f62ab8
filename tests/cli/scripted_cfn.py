"""CloudFormation as a script: stacks that go through the events a test wants,
one step each time they are asked about, so that nothing depends on time.

    cfn = ScriptedCfn()
    cfn.script = [("Network", "AWS::EC2::VPC", "CREATE_COMPLETE", ""), ...]

What ExecuteChangeSet, DeleteStack and ContinueUpdateRollback begin runs the
script; a step whose resource is None is the stack's own. Signatures are not
looked at."""

import http.server
import itertools
import re
import threading
import urllib.parse
from xml.sax.saxutils import escape


class Failure(Exception):
    """An answer with an error: code, message, status."""

    def __init__(self, code, message, status=400):
        super().__init__(code, message, status)


VPC, BUCKET = "AWS::EC2::VPC", "AWS::S3::Bucket"
ROLE, CLUSTER = "AWS::IAM::Role", "AWS::Redshift::Cluster"
RESOURCES = [("Network", VPC), ("DataBucket", BUCKET), ("CopyRole", ROLE),
             ("Cluster", CLUSTER)]
REDSHIFT = ("DescribeClusters", "ModifyClusterIamRoles")
PARAMETERS = [("AllowedCidr", None, "who may connect"),
              ("NodeType", "ra3.large", "kind of node"),
              ("DatabaseName", "sales", "first database")]
OUTPUTS = {"ConnectionHost": "sales.abc.eu-west-1.redshift.amazonaws.com",
           "ConnectionPort": "5439", "Database": "sales",
           "AdminUser": "admin", "SecretArn": "arn:aws:secretsmanager:x",
           "ClusterIdentifier": "sales-cluster-1",
           "DataBucket": "sales-databucket-1",
           "CopyRoleArn": "arn:aws:iam::123456789012:role/sales-CopyRole"}


def made(kind="CREATE"):
    """All goes well."""
    steps = [(None, None, f"{kind}_IN_PROGRESS", "User Initiated")]
    for name, type_ in RESOURCES:
        steps.append((name, type_, f"{kind}_IN_PROGRESS", ""))
        steps.append((name, type_, f"{kind}_COMPLETE", ""))
    if kind == "UPDATE":
        steps.append((None, None, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ""))
    return steps + [(None, None, f"{kind}_COMPLETE", "")]


def failed(name, reason, kind="CREATE", end=None):
    """The resource fails with the reason, others are cancelled, all is taken
    back; end: how that ends."""
    back = "ROLLBACK" if kind == "CREATE" else "UPDATE_ROLLBACK"
    steps = [(None, None, f"{kind}_IN_PROGRESS", "User Initiated")]
    for one, type_ in RESOURCES:
        steps.append((one, type_, f"{kind}_IN_PROGRESS", ""))
    type_ = dict(RESOURCES)[name]
    steps.append((name, type_, f"{kind}_FAILED", reason))
    word = "creation" if kind == "CREATE" else "update"
    for one, other in RESOURCES:
        if one != name:
            steps.append((one, other, f"{kind}_FAILED",
                          f"Resource {word} cancelled"))
    steps.append((None, None, f"{back}_IN_PROGRESS",
                  f"The following resource(s) failed to {kind.lower()}: "
                  f"[{name}, Network]. Rollback requested by user."))
    for one, other in reversed(RESOURCES):
        steps.append((one, other, "DELETE_COMPLETE", ""))
    return steps + [(None, None, end or f"{back}_COMPLETE", "")]


def xml_list(name, items):
    return f"<{name}>" + "".join(f"<member>{item}</member>"
                                 for item in items) + f"</{name}>"


def xml_of(fields):
    return "".join(f"<{key}>{escape(str(value))}</{key}>"
                   for key, value in fields.items() if value is not None)


class Stack:
    def __init__(self, name, number, status):
        self.name = name
        self.id = (f"arn:aws:cloudformation:eu-west-1:123456789012:stack/"
                   f"{name}/{number:08d}")
        self.status = status
        self.reason = ""
        self.parameters = {}
        self.outputs = {}
        self.protected = False
        self.template = ""
        self.resources = {}     # name -> (type, status)
        self.events = []        # newest first
        self.left = []          # steps that are still to come


class ScriptedCfn:
    """Every operation may be made to fail, or to wait, once or for ever."""

    def __init__(self):
        self.stacks = []
        self.change_sets = {}   # id -> dict
        self.asked = []         # (operation, parameters)
        self.bodies = []        # as they came
        self.script = made()
        self.changes = None     # rows of XML; None: all is added
        self.change_status = ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
        self.change_reason = ""
        self.capabilities = ["CAPABILITY_IAM"]
        self.parameters = PARAMETERS
        self.secrets = ()       # parameters that are NoEcho
        self.default_role = None
        self.failures = {}      # operation -> list of Failure or None
        self.holds = {}         # operation -> threading.Event
        self.reached = threading.Event()
        self.page = 100         # events on a page
        self.step = 1           # steps with each question
        self.numbers = itertools.count(1)
        self.lock = threading.RLock()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *unused):
                pass

            def do_POST(self):
                fake.serve(self)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        for hold in self.holds.values():
            hold.set()
        self.server.shutdown()
        self.server.server_close()

    def serve(self, request):
        size = int(request.headers.get("content-length", 0))
        body = request.rfile.read(size).decode()
        parameters = dict(urllib.parse.parse_qsl(body, True))
        operation = parameters.pop("Action")
        assert parameters.pop("Version") == (
            "2012-12-01" if operation in REDSHIFT else "2010-05-15")
        self.asked.append((operation, parameters))
        self.bodies.append(body)
        hold = self.holds.get(operation)
        if hold:
            self.reached.set()
            hold.wait(60)
        status, text = self.answer(operation, parameters)
        try:
            request.send_response(status)
            request.send_header("content-type", "text/xml")
            request.send_header("content-length", str(len(text.encode())))
            request.end_headers()
            request.wfile.write(text.encode())
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer(self, operation, parameters):
        try:
            with self.lock:
                waiting = self.failures.get(operation)
                if waiting:
                    failure = waiting.pop(0)
                    if failure:
                        raise failure
                said = getattr(self, operation)(parameters)
        except Failure as failure:
            code, message, status = failure.args
            return status, (f"<ErrorResponse><Error><Type>Sender</Type>"
                            f"<Code>{code}</Code><Message>{escape(message)}"
                            f"</Message></Error></ErrorResponse>")
        result = "" if said is None else (f"<{operation}Result>{said}"
                                          f"</{operation}Result>")
        return 200, (f'<{operation}Response xmlns="http://cloudformation.'
                     f'amazonaws.com/doc/2010-05-15/">{result}'
                     f"</{operation}Response>")

    # --- what a test sets up ---

    def add(self, name="sales", status="CREATE_COMPLETE", steps=()):
        """A stack that is there, with steps still to come."""
        stack = Stack(name, next(self.numbers), status)
        stack.parameters = {"AllowedCidr": "10.0.0.0/16",
                            "NodeType": "ra3.large", "DatabaseName": "sales"}
        stack.outputs = dict(OUTPUTS)
        stack.template = "Resources:\n"
        stack.resources = {one: (type_, "CREATE_COMPLETE")
                           for one, type_ in RESOURCES}
        self.stacks.append(stack)
        stack.left = list(steps)
        return stack

    def find(self, name):
        """By ARN any, by name only what is not deleted."""
        for stack in reversed(self.stacks):
            if name == stack.id or (name == stack.name and
                                    stack.status != "DELETE_COMPLETE"):
                return stack
        raise Failure("ValidationError",
                      f"Stack with id {name} does not exist")

    def names(self):
        """Of stacks that are not deleted, with their status."""
        return [(stack.name, stack.status) for stack in self.stacks
                if stack.status != "DELETE_COMPLETE"]

    def operations(self):
        return [operation for operation, _ in self.asked]

    # --- steps ---

    def happen(self, stack, step):
        name, type_, status, reason = step
        if name is None:
            stack.status = status
            stack.reason = reason
            if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                stack.outputs = dict(OUTPUTS)
        else:
            stack.resources[name] = (type_, status)
        stack.events.insert(0, {
            "StackId": stack.id, "StackName": stack.name,
            "EventId": f"event-{next(self.numbers)}",
            "LogicalResourceId": name or stack.name,
            "PhysicalResourceId": stack.id if name is None
            else f"{stack.name}-{name.lower()}-1",
            "ResourceType": type_ or "AWS::CloudFormation::Stack",
            "Timestamp": "2026-03-14T15:09:26.535Z",
            "ResourceStatus": status, "ResourceStatusReason": reason or None})

    def advance(self, stack):
        for _ in range(self.step):
            if stack.left:
                self.happen(stack, stack.left.pop(0))

    # --- operations ---

    def ValidateTemplate(self, asked):
        if "TemplateBody" in asked and len(asked["TemplateBody"]) > 51200:
            raise Failure("ValidationError", "templateBody is too long")
        rows = [xml_of({"ParameterKey": key, "DefaultValue": otherwise,
                        "NoEcho": str(key in self.secrets).lower(),
                        "Description": about})
                for key, otherwise, about in self.parameters]
        return (xml_list("Parameters", rows) +
                xml_list("Capabilities", self.capabilities) +
                xml_of({"CapabilitiesReason": "The following resource(s) "
                        "require capabilities: [AWS::IAM::Role]"
                        if self.capabilities else None}))

    def CreateChangeSet(self, asked):
        name = asked["StackName"]
        if asked["ChangeSetType"] == "CREATE":
            try:
                stack = self.find(name)
                if stack.status != "REVIEW_IN_PROGRESS":
                    raise Failure("AlreadyExistsException",
                                  f"Stack [{name}] already exists")
            except Failure as failure:
                if failure.args[0] == "AlreadyExistsException":
                    raise
                stack = Stack(name, next(self.numbers), "")
                self.stacks.append(stack)
                self.happen(stack, (None, None, "REVIEW_IN_PROGRESS",
                                    "User Initiated"))
        else:
            stack = self.find(name)
        missing = [one for one in self.capabilities
                   if one not in asked.values()]
        if missing:
            raise Failure("InsufficientCapabilitiesException",
                          f"Requires capabilities : {missing}")
        arn = (f"arn:aws:cloudformation:eu-west-1:123456789012:changeSet/"
               f"{asked['ChangeSetName']}/1")
        self.change_sets[arn] = {"stack": stack, "asked": asked,
                                 "left": list(self.change_status)}
        return xml_of({"Id": arn, "StackId": stack.id})

    def find_set(self, asked):
        for arn, change in self.change_sets.items():
            if asked["ChangeSetName"] in (arn,
                                          change["asked"]["ChangeSetName"]):
                return arn, change
        raise Failure("ChangeSetNotFound", "ChangeSet does not exist", 404)

    def DescribeChangeSet(self, asked):
        arn, change = self.find_set(asked)
        left = change["left"]
        status = left.pop(0) if len(left) > 1 else left[0]
        rows = self.changes
        if rows is None:
            rows = [xml_of({"Action": "Add", "LogicalResourceId": name,
                            "ResourceType": type_})
                    for name, type_ in RESOURCES]
        start = int(asked.get("NextToken", 0))
        page = rows[start:start + self.page]
        more = start + self.page if start + self.page < len(rows) else None
        return xml_of({
            "ChangeSetId": arn, "Status": status, "StackId":
            change["stack"].id, "StatusReason": self.change_reason or None,
            "ExecutionStatus": "AVAILABLE", "NextToken": more}) + xml_list(
                "Changes", [f"<Type>Resource</Type><ResourceChange>{row}"
                            f"</ResourceChange>" for row in page])

    def DeleteChangeSet(self, asked):
        arn, change = self.find_set(asked)
        if change["left"][0] == "CREATE_IN_PROGRESS":
            change["left"].pop(0)
            raise Failure("InvalidChangeSetStatus",
                          "ChangeSet is in CREATE_IN_PROGRESS")
        del self.change_sets[arn]
        return ""

    def ExecuteChangeSet(self, asked):
        arn, change = self.find_set(asked)
        del self.change_sets[arn]
        stack = change["stack"]
        for key, value in change["asked"].items():
            found = re.fullmatch(r"Parameters.member.(\d+).ParameterKey", key)
            if found:
                stack.parameters[value] = change["asked"].get(
                    f"Parameters.member.{found[1]}.ParameterValue", "kept")
        stack.template = change["asked"].get("TemplateBody", "")
        stack.left = list(self.script)
        return ""

    def DescribeStacks(self, asked):
        stack = self.find(asked["StackName"])
        self.advance(stack)
        return xml_list("Stacks", [xml_of({
            "StackId": stack.id, "StackName": stack.name,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason or None,
            "CreationTime": "2026-03-14T15:00:00Z",
            "EnableTerminationProtection": str(stack.protected).lower()}) +
            xml_list("Parameters", [xml_of({"ParameterKey": key,
                                            "ParameterValue": value})
                                    for key, value in
                                    stack.parameters.items()]) +
            xml_list("Outputs", [xml_of({"OutputKey": key,
                                         "OutputValue": value,
                                         "Description": "what " + key})
                                 for key, value in stack.outputs.items()])])

    # Redshift's, at the same address.

    def DescribeClusters(self, asked):
        return "<Clusters><Cluster>" + xml_of({
            "ClusterIdentifier": asked["ClusterIdentifier"],
            "DefaultIamRoleArn": self.default_role}) + "</Cluster></Clusters>"

    def ModifyClusterIamRoles(self, asked):
        self.default_role = asked["DefaultIamRoleArn"]
        return "<Cluster/>"

    def DescribeStackEvents(self, asked):
        stack = self.find(asked["StackName"])
        start = int(asked.get("NextToken", 0))
        page = stack.events[start:start + self.page]
        more = start + self.page if start + self.page < len(
            stack.events) else None
        return (xml_list("StackEvents", [xml_of(event) for event in page]) +
                xml_of({"NextToken": more}))

    def ListStackResources(self, asked):
        stack = self.find(asked["StackName"])
        rows = list(stack.resources.items())
        start = int(asked.get("NextToken", 0))
        more = start + self.page if start + self.page < len(rows) else None
        return xml_list("StackResourceSummaries", [xml_of({
            "LogicalResourceId": name,
            "PhysicalResourceId": stack.outputs.get(
                name, f"{stack.name}-{name.lower()}-1"),
            "ResourceType": type_, "ResourceStatus": status,
            "LastUpdatedTimestamp": "2026-03-14T15:09:26Z"})
            for name, (type_, status) in rows[start:start + self.page]]) + \
            xml_of({"NextToken": more})

    def ListStacks(self, asked):
        rows = [stack for stack in reversed(self.stacks)
                if stack.status in asked.values()]
        start = int(asked.get("NextToken", 0))
        more = start + self.page if start + self.page < len(rows) else None
        return xml_list("StackSummaries", [xml_of({
            "StackId": stack.id, "StackName": stack.name,
            "StackStatus": stack.status,
            "CreationTime": "2026-03-14T15:00:00Z",
            "DeletionTime": "2026-03-14T16:00:00Z"})
            for stack in rows[start:start + self.page]]) + xml_of(
                {"NextToken": more})

    def GetTemplate(self, asked):
        return xml_of({"TemplateBody":
                       self.find(asked["StackName"]).template})

    def DeleteStack(self, asked):
        try:
            stack = self.find(asked["StackName"])
        except Failure:
            return None
        if stack.status == "REVIEW_IN_PROGRESS":
            stack.status = "DELETE_COMPLETE"
            self.change_sets = {arn: change for arn, change in
                                self.change_sets.items()
                                if change["stack"] is not stack}
        else:
            stack.left = list(self.script)
        return None

    def ContinueUpdateRollback(self, asked):
        stack = self.find(asked["StackName"])
        assert stack.status == "UPDATE_ROLLBACK_FAILED"
        stack.left = list(self.script)
        return ""
