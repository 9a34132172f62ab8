"""The sandbox's identity services against Debian's boto3."""

import os
import subprocess
import urllib.request

import boto3
import pytest
from botocore import UNSIGNED
from botocore.client import Config
from botocore.exceptions import ClientError

SERVE = os.environ.get("S3_SERVE", "tests/peer/s3_serve")
SANDBOX = os.environ.get("REDSH_SANDBOX", "./redsh-sandbox")
ROLE = "arn:aws:iam::123456789012:role/"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("identity")
    server = subprocess.Popen([SERVE, str(folder)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    said = {"folder": folder}
    for _ in range(4):
        name, value = server.stdout.readline().split(" ", 1)[1].split("=", 1)
        said[name] = value.strip()
    yield said
    server.stdin.close()
    assert server.wait(20) == 0


def client(served, service, keys=None, **config):
    args = dict(endpoint_url=served["AWS_ENDPOINT_URL"],
                region_name="us-east-1",
                config=Config(retries={"max_attempts": 1}, **config))
    if keys:
        args.update(aws_access_key_id=keys["AccessKeyId"],
                    aws_secret_access_key=keys["SecretAccessKey"],
                    aws_session_token=keys["SessionToken"])
    else:
        args.update(aws_access_key_id=served["AWS_ACCESS_KEY_ID"],
                    aws_secret_access_key=served["AWS_SECRET_ACCESS_KEY"])
    return boto3.client(service, **args)


def code(call, *args, **kwargs):
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return caught.value.response["Error"]["Code"]


def assume(served, name, keys=None, **more):
    return client(served, "sts", keys).assume_role(
        RoleArn=ROLE + name, RoleSessionName="me", **more)


def test_an_assumed_role_is_who_it_says(served):
    got = assume(served, "ReadOnly", ExternalId="any", DurationSeconds=900)
    keys = got["Credentials"]
    assert keys["AccessKeyId"].startswith("ASIA")
    who = client(served, "sts", keys).get_caller_identity()
    assert who["Arn"] == got["AssumedRoleUser"]["Arn"] == (
        "arn:aws:sts::123456789012:assumed-role/ReadOnly/me")
    assert who["UserId"] == got["AssumedRoleUser"]["AssumedRoleId"]


def test_temporary_keys_want_their_own_token(served):
    keys = assume(served, "ReadOnly")["Credentials"]
    other = assume(served, "ReadOnly")["Credentials"]
    assert code(client(served, "sts", dict(
        keys, SessionToken=other["SessionToken"])).get_caller_identity) == \
        "InvalidClientTokenId"
    assert code(client(served, "s3", dict(
        keys, SessionToken="x")).list_buckets) == "InvalidToken"
    assert code(client(served, "sts", dict(
        keys, SecretAccessKey="x")).get_caller_identity) == \
        "SignatureDoesNotMatch"
    assert code(client(served, "sts", dict(
        keys, AccessKeyId="ASIAAAAAAAAAAAAAAAAA")).get_caller_identity) == \
        "InvalidClientTokenId"


@pytest.mark.parametrize("name, reads, writes", [
    ("RedshiftCopy", True, True), ("ReadOnly", True, False),
    ("ListOnly", True, False), ("Nothing", False, False)])
def test_the_policy_of_the_role_counts_in_s3(served, name, reads, writes):
    own = client(served, "s3")
    own.create_bucket(Bucket="policy-" + name.lower())
    s3 = client(served, "s3", assume(served, name)["Credentials"])
    bucket = "policy-" + name.lower()
    for may, call, more in (
            (reads, s3.list_objects_v2, {}),
            (writes, s3.put_object, {"Key": "k", "Body": b"x"}),
            (writes, s3.copy_object, {"Key": "c", "CopySource":
                                      bucket + "/k"}),
            (writes, s3.delete_object, {"Key": "k"})):
        if may:
            call(Bucket=bucket, **more)
        else:
            assert code(call, Bucket=bucket, **more) == "AccessDenied"


@pytest.mark.parametrize("more, wanted", [
    ({"RoleArn": ROLE + "NoSuchRole"}, "AccessDenied"),
    ({"SerialNumber": "arn:aws:iam::123456789012:mfa/me",
      "TokenCode": "123456"}, "AccessDenied"),
    ({"DurationSeconds": 899}, "ValidationError"),
    ({"DurationSeconds": 43201}, "ValidationError"),
    ({"RoleSessionName": "a b"}, "ValidationError"),
    ({"Policy": "{}"}, "InvalidParameterValue")])
def test_what_cannot_be_assumed_is_refused(served, more, wanted):
    sts = boto3.client(
        "sts", endpoint_url=served["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id=served["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=served["AWS_SECRET_ACCESS_KEY"],
        config=Config(parameter_validation=False))
    assert code(sts.assume_role, **dict(
        {"RoleArn": ROLE + "ReadOnly", "RoleSessionName": "me"},
        **more)) == wanted


def test_chains_go_where_they_are_trusted_for_an_hour(served):
    copy = assume(served, "RedshiftCopy")["Credentials"]
    assert assume(served, "LakeOwner", copy)["Credentials"]
    read = assume(served, "ReadOnly")["Credentials"]
    assert code(assume, served, "LakeOwner", read) == "AccessDenied"
    assert code(assume, served, "LakeOwner", copy, DurationSeconds=3601) == \
        "ValidationError"


def test_a_role_logs_in_to_the_database_as_itself(served):
    ask = dict(ClusterIdentifier="redsh-sandbox")
    own = client(served, "redshift")
    assert own.get_cluster_credentials_with_iam(**ask)["DbUser"] == \
        "IAM:sandbox"
    keys = assume(served, "ReadOnly")["Credentials"]
    theirs = client(served, "redshift", keys)
    assert theirs.get_cluster_credentials_with_iam(**ask)["DbUser"] == \
        "IAMR:ReadOnly"


def test_a_web_identity_needs_no_signature(served):
    token = subprocess.run(
        [SANDBOX, "token", "--dir", str(served["folder"]), "--user", "ann"],
        capture_output=True, text=True, check=True).stdout.strip()
    sts = client(served, "sts", signature_version=UNSIGNED)
    ask = dict(RoleArn=ROLE + "ReadOnly", RoleSessionName="pod")
    got = sts.assume_role_with_web_identity(WebIdentityToken=token, **ask)
    who = client(served, "sts", got["Credentials"]).get_caller_identity()
    assert who["Arn"].endswith("assumed-role/ReadOnly/pod")
    call = sts.assume_role_with_web_identity
    assert code(call, WebIdentityToken=token[:-4] + "AAAA", **ask) == \
        "InvalidIdentityToken"
    assert code(call, WebIdentityToken=token, RoleArn=ROLE + "NoSuchRole",
                RoleSessionName="pod") == "AccessDenied"
    assert code(sts.assume_role, **ask) == "MissingAuthenticationToken"


def test_the_device_flow_step_by_step(served):
    oidc = client(served, "sso-oidc", signature_version=UNSIGNED)
    who = oidc.register_client(clientName="boto3", clientType="public")
    ids = dict(clientId=who["clientId"], clientSecret=who["clientSecret"])
    assert code(oidc.start_device_authorization, clientId=who["clientId"],
                clientSecret="x", startUrl="https://x") == \
        "InvalidClientException"
    device = oidc.start_device_authorization(startUrl="https://x", **ids)
    ask = dict(ids, grantType=DEVICE, deviceCode=device["deviceCode"])
    assert code(oidc.create_token, **ask) == "AuthorizationPendingException"
    with urllib.request.urlopen(device["verificationUriComplete"]) as page:
        assert page.status == 200
    token = oidc.create_token(**ask)
    assert code(oidc.create_token, **ask) == "InvalidGrantException"

    portal = client(served, "sso", signature_version=UNSIGNED)
    want = dict(roleName="ReadOnly", accountId="123456789012")
    got = portal.get_role_credentials(accessToken=token["accessToken"],
                                      **want)["roleCredentials"]
    who = client(served, "sts", {
        "AccessKeyId": got["accessKeyId"],
        "SecretAccessKey": got["secretAccessKey"],
        "SessionToken": got["sessionToken"]}).get_caller_identity()
    assert ":assumed-role/ReadOnly/" in who["Arn"]
    call = portal.get_role_credentials
    assert code(call, accessToken="other", **want) == "UnauthorizedException"
    assert code(call, accessToken=token["accessToken"], roleName="NoSuchRole",
                accountId="123456789012") == "ForbiddenException"

    again = dict(ids, grantType="refresh_token",
                 refreshToken=token["refreshToken"])
    assert oidc.create_token(**again)["accessToken"] != token["accessToken"]
    assert code(oidc.create_token, **again) == "InvalidGrantException"
    assert code(oidc.create_token, **dict(ids, grantType="x")) == \
        "UnsupportedGrantTypeException"


def test_the_metadata_service_wants_tokens(served):
    url = served["AWS_ENDPOINT_URL"]

    def ask(path, method="GET", **headers):
        request = urllib.request.Request(url + path, method=method, headers={
            "x-aws-ec2-metadata-" + name.replace("_", "-"): value
            for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code

    assert ask("/latest/api/token", "PUT") == 400
    assert ask("/latest/api/token", "PUT", token_ttl_seconds="99999") == 400
    token = ask("/latest/api/token", "PUT", token_ttl_seconds="60")
    assert ask("/latest/meta-data/placement/region") == 401
    assert ask("/latest/meta-data/placement/region", token="x") == 401
    assert ask("/latest/meta-data/placement/region",
               token=token) == "us-east-1"
    assert ask("/latest/meta-data/iam/security-credentials/x",
               token=token) == 404
