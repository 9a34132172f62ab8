"""Stacks of the sandbox's CloudFormation as boto3 sees them."""

import json
import os
import pathlib
import subprocess
import uuid

import pytest

from s3_server import S3Server

boto3 = pytest.importorskip("boto3")
# pylint: disable=wrong-import-position
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

SHARE = pathlib.Path(os.environ.get("REDSH_SHARE", "share"))
FAST = {"Delay": 0.05, "MaxAttempts": 2400}
CIDR = {"AllowedCidr": "10.0.0.0/16"}
ALL_PARTS = {**CIDR, "WithInstance": "yes", "WithQuickSight": "yes",
             "QuickSightUserArn":
             "arn:aws:quicksight:us-east-1:123456789012:user/default/sandbox"}


def platform(name):
    return (SHARE / "platform" / f"{name}.yaml").read_text()


def template(resources, **sections):
    return json.dumps({"Resources": resources, **sections})


def parameters(values):
    return [{"ParameterKey": key, "ParameterValue": value}
            for key, value in values.items()]


class Stacks:
    """A sandbox's AWS endpoints and clients of it."""

    def __init__(self):
        os.environ["STACK_STEP_MS"] = "1"
        self.server = S3Server()
        self.cf = self.client("cloudformation")

    def client(self, service):
        env = self.server.env
        return boto3.client(
            service, endpoint_url=env["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"max_attempts": 1},
                          s3={"addressing_style": "path"}))

    def refused(self, operation, **arguments):
        """Code and message of what is refused."""
        with pytest.raises(ClientError) as raised:
            getattr(self.cf, operation)(**arguments)
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]

    def wait(self, name, end):
        """Until the stack is in one of its lasting states: which is told."""
        while True:
            stack = self.cf.describe_stacks(StackName=name)["Stacks"][0]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                assert stack["StackStatus"] == end, (
                    stack, self.reasons(name))
                return stack

    def create(self, name, body, values=None, end="CREATE_COMPLETE", **more):
        made = self.cf.create_stack(
            StackName=name, TemplateBody=body,
            Parameters=parameters(values or {}),
            Capabilities=["CAPABILITY_NAMED_IAM"], **more)
        return self.wait(made["StackId"], end)

    def add_always(self, operation, **members):
        """Members that Debian's botocore does not know yet."""
        def add(params, **_):
            params["body"].update(members)
        self.cf.meta.events.register(
            f"before-call.cloudformation.{operation}", add)

    def change(self, name, body, values=None, kind="UPDATE", **more):
        made = self.cf.create_change_set(
            StackName=name, ChangeSetName=f"c{uuid.uuid4().hex}",
            ChangeSetType=kind,
            TemplateBody=body, Parameters=parameters(values or {}),
            Capabilities=["CAPABILITY_NAMED_IAM"], **more)
        while True:
            told = self.cf.describe_change_set(ChangeSetName=made["Id"])
            if told["Status"] != "CREATE_IN_PROGRESS":
                return told

    def execute(self, told, end="UPDATE_COMPLETE"):
        self.cf.execute_change_set(ChangeSetName=told["ChangeSetId"])
        return self.wait(told["StackId"], end)

    def delete(self, name, end="DELETE_COMPLETE", **more):
        stack = self.cf.describe_stacks(StackName=name)["Stacks"][0]
        self.cf.delete_stack(StackName=name, **more)
        return self.wait(stack["StackId"], end)

    def events(self, name):
        """Oldest first."""
        pages = self.cf.get_paginator("describe_stack_events").paginate(
            StackName=name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def reasons(self, name):
        return [(event["LogicalResourceId"], event["ResourceStatus"],
                 event["ResourceStatusReason"]) for event in self.events(name)
                if "ResourceStatusReason" in event]

    def first_cause(self, name):
        """The first event that failed by itself."""
        for logical, status, reason in self.reasons(name):
            if status.endswith("_FAILED") and "cancelled" not in reason:
                return logical, reason
        return None

    def statuses(self, name, logical):
        return [event["ResourceStatus"] for event in self.events(name)
                if event["LogicalResourceId"] == logical]

    def outputs(self, name):
        stack = self.cf.describe_stacks(StackName=name)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"]
                for output in stack["Outputs"]}

    def buckets(self):
        return [bucket["Name"] for bucket in
                self.client("s3").list_buckets()["Buckets"]]

    def has_role(self, name):
        try:
            self.client("iam").get_role(RoleName=name)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchEntity"
            return False
        return True

    def deny(self, *rows):
        """DIR/denied.tsv; none: it goes."""
        path = self.server.dir / "denied.tsv"
        if rows:
            path.write_text("action\tresource\n" + "".join(
                f"{action}\t{resource}\n" for action, resource in rows))
        else:
            path.unlink()

    def aws(self, *words):
        """The AWS CLI, which has nothing of the sandbox's."""
        env = self.server.env
        return subprocess.run(
            ["aws", "--endpoint-url", env["AWS_ENDPOINT_URL"], "--region",
             "us-east-1", *words], capture_output=True, text=True,
            check=False, env={**os.environ, **env})

    def fresh_client(self):
        self.cf = self.client("cloudformation")

    def restart(self):
        """As after "redsh-sandbox stop" and "start"."""
        self.server.restart()
        self.fresh_client()

    def stop(self):
        self.server.stop()
