"""moto as a judge of stacks: its server, and what it cannot do of the templates
of share/platform."""

import contextlib
import os
import re
import subprocess
import time
import urllib.request

import boto3
from judging import scratch
from radosgw import free_port

import platform_templates as templates

PYTHON = os.environ.get("PEER_PYTHON", "python3")
LATEST = "/aws/service/ami-amazon-linux-latest/"
KNOWN_IMAGE = LATEST + "al2023-ami-kernel-default-x86_64"

# What moto is known to refuse, and what it says then.
UNKNOWN_TYPES = {      # "No Moto CloudFormation support for TYPE"
    "AWS::RedshiftServerless::Namespace", "AWS::RedshiftServerless::Workgroup",
    "AWS::QuickSight::DataSource", "AWS::QuickSight::VPCConnection",
    "AWS::S3::BucketPolicy"}
UNKNOWN_ATTRIBUTES = {
    # "resource Cluster does not support attribute type
    # MasterPasswordSecretArn in Fn::GetAtt"
    ("Cluster", "MasterPasswordSecretArn")}
# In Fn::Sub, and with !GetAtt, moto reads Cluster.Endpoint.Address as the
# attribute Endpoint: "resource Cluster does not support attribute type
# Endpoint in Fn::GetAtt". As {"Fn::GetAtt": [NAME, ATTRIBUTE]} it is read.
DEEP_SUB = re.compile(r"\$\{\w+\.\w+\.[\w.]+\}")
# The public parameter of Debian's image: 'NoneType' object has no attribute
# 'value'. KNOWN_IMAGE stands for it.


def has(module):
    return subprocess.run([PYTHON, "-c", f"import {module}"], check=False,
                          capture_output=True).returncode == 0


class Moto:
    """A server that runs; its clients."""

    def __init__(self, url):
        self.url = url

    def client(self, service):
        return boto3.client(service, region_name="us-east-1",
                            endpoint_url=self.url, aws_access_key_id="a",
                            aws_secret_access_key="b")

    def reset(self):
        urllib.request.urlopen(urllib.request.Request(
            self.url + "/moto-api/reset", method="POST"), timeout=60).close()


@contextlib.contextmanager
def serve():
    folder, port = scratch(), free_port()
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [PYTHON, "-c", "from moto.server import main; main()", "-H",
             "127.0.0.1", "-p", str(port)], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url + "/moto-api/", timeout=5).close()
            break
        except OSError:
            assert server.poll() is None and time.monotonic() < end, (
                folder / "log").read_text()
            time.sleep(0.1)
    try:
        yield Moto(url)
    finally:
        server.terminate()
        server.wait()


def for_moto(template):
    """The template without what moto refuses; the names it is left with."""
    template["Parameters"]["InstanceImage"]["Default"] = KNOWN_IMAGE
    gone = {name for name, resource in template["Resources"].items()
            if resource["Type"] in UNKNOWN_TYPES}

    def edit(value):
        if isinstance(value, list):
            return [edit(inside) for inside in value]
        if not isinstance(value, dict):
            return value
        if list(value) == ["Fn::Sub"] and isinstance(value["Fn::Sub"], str):
            text = DEEP_SUB.sub("not-in-moto", value["Fn::Sub"])
            for name in gone:
                text = text.replace("${%s}" % name, "not-in-moto")
            return {"Fn::Sub": text}
        for name, attribute in templates.references(value) \
                if templates.is_function(value) else []:
            if name in gone or (name, attribute) in UNKNOWN_ATTRIBUTES:
                return "arn:aws:moto::123456789012:not-in-moto"
        return {key: edit(inside) for key, inside in value.items()}

    for part in ("Resources", "Outputs"):
        template[part] = {name: edit(body)
                          for name, body in template[part].items()
                          if name not in gone}
    for resource in template["Resources"].values():
        if resource.get("DependsOn") in gone:
            del resource["DependsOn"]
    return template


def clear_routes(ec2, made):
    """moto does not delete route tables with a stack, and then neither the
    network: "The vpc ... has dependencies and cannot be deleted"."""
    for name, table in made.items():
        if not name.endswith("Routes"):
            continue
        found, = ec2.describe_route_tables(RouteTableIds=[table])[
            "RouteTables"]
        for association in found["Associations"]:
            ec2.disassociate_route_table(
                AssociationId=association["RouteTableAssociationId"])
        ec2.delete_route_table(RouteTableId=table)
