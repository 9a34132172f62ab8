"""A serverless sandbox: the redshift-serverless API as Debian's boto3 and
hand-made requests meet it, logins with what it gives out, capacity and use;
and sessions that are idle, which end on either kind."""

import json
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from raw_aws import Signer
from redshift_client import Client, Refused, Sandbox

NAME = "redsh-sandbox"
SERVICE = "redshift-serverless"


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox("--kind", "serverless", "--base-capacity", "24",
                      "--parameter", "datestyle=ISO, DMY")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def provisioned():
    running = Sandbox()
    yield running
    running.stop()


def client(sandbox, service=SERVICE, **changes):
    env = sandbox.env
    args = {"endpoint_url": env["AWS_ENDPOINT_URL"],
            "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
            "region_name": "us-east-1",
            "config": Config(retries={"max_attempts": 1},
                             parameter_validation=False)}
    args.update(changes)
    return boto3.client(service, **args)


def refused(call, code, words, status=400, **args):
    with pytest.raises(ClientError) as caught:
        call(**args)
    answer = caught.value.response
    assert (answer["Error"]["Code"],
            answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert words in answer["Error"]["Message"]


# ---- workgroups and namespaces

def test_the_workgroup_is_the_gateway(sandbox):
    group = client(sandbox).get_workgroup(workgroupName=NAME)["workgroup"]
    assert group["endpoint"]["port"] == sandbox.port
    assert group["endpoint"]["address"] == "localhost"
    assert group["status"] == "AVAILABLE"
    assert group["baseCapacity"] == 24
    assert group["namespaceName"] == NAME
    assert group["workgroupArn"].endswith("workgroup/" + group["workgroupId"])
    assert group["creationDate"].year > 2000
    assert {"parameterKey": "datestyle", "parameterValue": "ISO, DMY"} in \
        group["configParameters"]
    assert client(sandbox).list_workgroups()["workgroups"] == [group]


def test_the_namespace_has_database_and_roles(sandbox):
    space = client(sandbox).get_namespace(namespaceName=NAME)["namespace"]
    assert space["dbName"] == sandbox.env["PGDATABASE"]
    assert space["adminUsername"] == sandbox.env["PGUSER"]
    assert space["defaultIamRoleArn"] in space["iamRoles"]
    assert client(sandbox).list_namespaces()["namespaces"] == [space]


def test_names_and_numbers_are_checked(sandbox):
    api = client(sandbox)
    refused(api.get_workgroup, "ResourceNotFoundException", "other",
            workgroupName="other")
    refused(api.get_namespace, "ResourceNotFoundException", "other",
            namespaceName="other")
    refused(api.get_workgroup, "ValidationException", "not be null")
    refused(api.get_workgroup, "ValidationException",
            "length greater than or equal to 3", workgroupName="ab")
    refused(api.get_workgroup, "ValidationException",
            "regular expression", workgroupName="Upper")
    refused(api.list_workgroups, "ValidationException",
            "value less than or equal to 100", maxResults=101)
    refused(api.list_namespaces, "ValidationException",
            "value greater than or equal to 1", maxResults=0)
    refused(api.list_workgroups, "ValidationException", "token",
            nextToken="d29ya2dyb3VwczoxMg==")


def test_another_account_shares_nothing(sandbox):
    def listed(owner):
        return send(sandbox, json.dumps(
            {"ownerAccount": owner, "maxResults": 1}).encode())
    assert listed("210987654321")[2]["workgroups"] == []
    assert len(listed("123456789012")[2]["workgroups"]) == 1
    assert "ownerAccount" in listed("me")[2]


def test_pages_end(sandbox):
    pages = list(client(sandbox).get_paginator("list_workgroups").paginate(
        PaginationConfig={"PageSize": 1}))
    assert [len(page["workgroups"]) for page in pages] == [1]
    assert "nextToken" not in pages[0]


def test_what_is_not_built_is_refused_by_name(sandbox):
    api = client(sandbox)
    refused(api.create_workgroup, "UnknownOperationException",
            "CreateWorkgroup", 404, workgroupName="abc", namespaceName=NAME)


def test_signatures_are_checked(sandbox):
    refused(client(sandbox, aws_secret_access_key="wrong").list_workgroups,
            "InvalidSignatureException", "signature", 403)
    refused(client(sandbox, aws_access_key_id="AKIAUNKNOWN").list_workgroups,
            "UnrecognizedClientException", "token", 403)


# ---- each kind has its own API

def test_a_serverless_one_has_no_cluster(sandbox):
    api = client(sandbox, "redshift")
    assert api.describe_clusters()["Clusters"] == []
    refused(api.describe_clusters, "ClusterNotFound", NAME, 404,
            ClusterIdentifier=NAME)
    refused(api.get_cluster_credentials, "ClusterNotFound", NAME, 404,
            ClusterIdentifier=NAME, DbUser="awsuser")


def test_a_provisioned_one_has_no_workgroup(provisioned):
    api = client(provisioned)
    assert api.list_workgroups()["workgroups"] == []
    assert api.list_namespaces()["namespaces"] == []
    refused(api.get_workgroup, "ResourceNotFoundException", NAME,
            workgroupName=NAME)
    refused(api.get_credentials, "ResourceNotFoundException", NAME,
            workgroupName=NAME)
    assert len(client(provisioned,
                      "redshift").describe_clusters()["Clusters"]) == 1


# ---- hand-made requests

def send(sandbox, body, target="RedshiftServerless.ListWorkgroups",
         content="application/x-amz-json-1.1", signed=True):
    """Status, type and message of the answer."""
    env = sandbox.env
    address = env["AWS_ENDPOINT_URL"]
    signer = Signer(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"],
                    service=SERVICE)
    more = {"x_amz_target": target} if target else {}
    headers = {"x-amz-target": target} if target else {}
    if signed:
        headers = signer.headers("POST", "/", body, content_type=content,
                                 **more)
    headers["content-type"] = content
    request = urllib.request.Request(address + "/", body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        text = error.read()
        assert error.headers["content-type"] == "application/x-amz-json-1.1"
        answer = json.loads(text)
        assert error.headers["x-amzn-errortype"] == answer["__type"]
        return error.code, answer["__type"], answer["message"]


def test_a_right_request_made_by_hand(sandbox):
    status, headers, answer = send(sandbox, b"{}")
    assert status == 200
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert answer["workgroups"][0]["workgroupName"] == NAME


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b'{"a":1,"a":2}',
                                  b'{"maxResults": "5"}',
                                  b'{"nextToken": 5}', b"\xff"])
def test_bodies_that_are_no_request(sandbox, body):
    assert send(sandbox, body)[:2] == (400, "SerializationException")


def test_unknown_members_are_named(sandbox):
    status, code, message = send(sandbox, b'{"colour": "red"}')
    assert (status, code) == (400, "ValidationException")
    assert "colour" in message


@pytest.mark.parametrize("target", [
    None, "RedshiftServerless", "RedshiftServerless.", "ListWorkgroups",
    "RedshiftServerless.listworkgroups", "DynamoDB_20120810.ListTables"])
def test_targets_that_are_none(sandbox, target):
    assert send(sandbox, b"{}", target)[:2] == (
        404, "UnknownOperationException")


def test_another_content_type_is_no_operation(sandbox):
    assert send(sandbox, b"{}", content="text/xml")[1] == \
        "UnknownOperationException"


def test_without_signature(sandbox):
    assert send(sandbox, b"{}", signed=False)[:2] == (
        403, "AccessDeniedException")


# ---- GetCredentials

def test_credentials_log_in(sandbox):
    got = client(sandbox).get_credentials(workgroupName=NAME, dbName="dev",
                                          durationSeconds=3600)
    assert got["dbUser"] == "IAM:sandbox"
    assert got["nextRefreshTime"] <= got["expiration"]
    with sandbox.connect(got["dbUser"], got["dbPassword"]) as session:
        assert session.query("select current_user").text() == "sandbox"
    with pytest.raises(Refused):
        sandbox.connect(got["dbUser"], got["dbPassword"][:-1])


def test_credentials_are_for_their_database(sandbox):
    with sandbox.connect() as admin:
        assert admin.query("create database elsewhere").error is None
    got = client(sandbox).get_credentials(workgroupName=NAME,
                                          dbName="elsewhere")
    sandbox.connect(got["dbUser"], got["dbPassword"],
                    database="elsewhere").close()
    with pytest.raises(Refused) as caught:
        sandbox.connect(got["dbUser"], got["dbPassword"])
    assert caught.value.sqlstate == "28000"


def test_what_credentials_need(sandbox):
    call = client(sandbox).get_credentials
    refused(call, "ValidationException", "workgroupName or customDomainName")
    refused(call, "ResourceNotFoundException", "other", workgroupName="other")
    for domain, code in (("db.example.com", "ResourceNotFoundException"),
                         ("-bad-", "ValidationException")):
        answer = send(sandbox,
                      json.dumps({"customDomainName": domain}).encode(),
                      "RedshiftServerless.GetCredentials")
        assert answer[1] == code and domain in answer[2]
    for seconds in 899, 3601, -1:
        refused(call, "ValidationException", "between 900 and 3600",
                workgroupName=NAME, durationSeconds=seconds)
    for name in "1st", "a:b", "a/b", "select", "x" * 65, "":
        refused(call, "ValidationException", "dbName", workgroupName=NAME,
                dbName=name)


# ---- capacity and use

def test_use_is_counted_in_the_base_capacity(sandbox):
    with sandbox.connect() as session:
        session.query("select 1")
        used = session.query(
            "select min(compute_capacity), max(compute_capacity),"
            " sum(compute_seconds) > 0,"
            " bool_and(compute_seconds between 0 and 24 * 60),"
            " bool_and(charged_seconds >= floor(compute_seconds)),"
            " sum(charged_seconds) >= 24 * 59"
            " from sys_serverless_usage")
    assert used.text() == "24|24|t|t|t|t"


@pytest.mark.parametrize("options", [
    ("--kind", "serverless", "--base-capacity", "12"),
    ("--kind", "serverless", "--base-capacity", "2"),
    ("--kind", "serverless", "--base-capacity", "520"),
    ("--kind", "serverless", "--base-capacity", "1056"),
    ("--base-capacity", "8"),
    ("--idle-limit", "0"), ("--idle-limit", "x"),
    ("--idle-transaction-limit", "1728001"), ("--idle-speed", "1001")])
def test_options_out_of_range(provisioned, options):
    with pytest.raises(AssertionError) as caught:
        provisioned.call("start", *options)
    assert options[-1] in str(caught.value) or "--base-capacity" in str(
        caught.value)


# ---- idle sessions

def last_word(session):
    """Waits until the server ends the session by itself."""
    kind, body = session.read()
    assert kind == b"E"
    with pytest.raises(ConnectionError):
        session.read()
    parts = {part[:1]: part[1:].decode() for part in body.split(b"\0") if part}
    return parts[b"S"], parts[b"C"], parts[b"M"]


def test_an_idle_session_ends_outside_of_transactions():
    sandbox = Sandbox("--idle-limit", "2")
    inside = sandbox.connect()
    inside.query("begin")
    assert last_word(sandbox.connect()) == (
        "FATAL", "57P01", "the session was idle for longer than 2 seconds")
    assert inside.query("select 1").text() == "1"
    inside.close()
    sandbox.stop()


def test_an_idle_transaction_has_a_limit_of_its_own():
    sandbox = Sandbox("--idle-transaction-limit", "2")
    outside = sandbox.connect()
    inside = sandbox.connect()
    inside.query("create table locked (a int)")
    inside.query("begin; lock table locked")
    assert last_word(inside) == (
        "FATAL", "57P01",
        "the session was idle in a transaction for longer than 2 seconds")
    assert outside.query("select count(*) from locked").text() == "0"
    outside.close()
    sandbox.stop()


def test_session_timeout_of_a_user_wins():
    sandbox = Sandbox("--idle-speed", "30", "--idle-limit", "1000000")
    with sandbox.connect() as admin:
        for name, seconds in (("short", 60), ("long", 1728000)):
            admin.query(f"create user {name} password 'abcD1234'"
                        f" session timeout {seconds}")
        patient = sandbox.connect("long", "abcD1234")
        hasty = sandbox.connect("short", "abcD1234")
        assert admin.query("select timeout_sec from stv_sessions where"
                           " user_name = 'short'").text() == "60"
        assert last_word(hasty) == (
            "FATAL", "57P01", "the session was idle for longer than its"
            " SESSION TIMEOUT of 60 seconds")
        hasty = sandbox.connect("short", "abcD1234")
        hasty.query("begin")
        assert "SESSION TIMEOUT of 60" in last_word(hasty)[2]
        assert patient.query("select 1").text() == "1"
        assert admin.query(
            "select distinct trim(user_name), timeout_sec, timed_out from"
            " stl_sessions where user_name = 'short'").text() == "short|60|1"
        assert admin.query(
            "select distinct status from sys_session_history where"
            " session_timeout = 60").text() == "t"
        patient.close()
        admin.query("alter user short reset session timeout")
        free = Client(sandbox.port, "short", "abcD1234")
        assert admin.query("select timeout_sec from stv_sessions where"
                           " user_name = 'short'").text() == "0"
        free.close()
    sandbox.stop()
