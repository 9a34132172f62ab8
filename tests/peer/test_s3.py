"""The sandbox's S3, STS and Redshift endpoints against Debian's boto3."""
import base64
import hashlib
import http.client
import io
import os
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta
from unittest import mock

import boto3
import botocore.auth
import pytest
from botocore.client import Config
from botocore.exceptions import ClientError

SERVE = os.environ.get("S3_SERVE", "tests/peer/s3_serve")

HOSTILE = [
    "plain.csv", "a b", "back`tick`", "quo'te", 'dou"ble', "back\\slash",
    "new\nline", "co:lon", "pi|pe", "a//b", "/lead", "../up", "dot/../x",
    "pl+us", "per%25cent", "q?mark", "ha#sh", "semi;colon", "amp&er", "<xml>",
    "ünï", "日本", "\U0001f600", "(){}[]", "star*", "tab\there", "\x01ctl", "~",
]


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s3")
    server = subprocess.Popen([SERVE, str(folder)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    exports = {}
    for _ in range(4):
        name, value = server.stdout.readline().split(" ", 1)[1].split("=", 1)
        exports[name] = value.strip()
    yield exports
    server.stdin.close()
    assert server.wait(20) == 0


def client(env, service="s3", **changes):
    args = {
        "endpoint_url": env["AWS_ENDPOINT_URL"],
        "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        "region_name": "us-east-1",
        "config": Config(s3={"addressing_style": "path"},
                         signature_version="v4" if service != "s3" else "s3v4",
                         retries={"max_attempts": 1}),
    }
    args.update(changes)
    return boto3.client(service, **args)


@pytest.fixture
def s3(env):
    return client(env)


@pytest.fixture
def bucket(s3, request):
    name = "b-" + hashlib.sha1(request.node.name.encode()).hexdigest()[:12]
    s3.create_bucket(Bucket=name)
    yield name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        for entry in page.get("Contents", []):
            s3.delete_object(Bucket=name, Key=entry["Key"])
    s3.delete_bucket(Bucket=name)


def code_of(caught):
    return (caught.value.response["Error"]["Code"],
            caught.value.response["ResponseMetadata"]["HTTPStatusCode"])


def refused(code, status, call, **args):
    with pytest.raises(ClientError) as caught:
        call(**args)
    assert code_of(caught) == (code, status)
    return caught.value.response


# --- buckets ---

def test_buckets_are_made_listed_and_dropped(s3):
    s3.create_bucket(Bucket="one-two")
    s3.create_bucket(Bucket="one-two")
    assert "one-two" in [b["Name"] for b in s3.list_buckets()["Buckets"]]
    assert s3.get_bucket_location(Bucket="one-two")["LocationConstraint"] is None
    head = s3.head_bucket(Bucket="one-two")["ResponseMetadata"]["HTTPHeaders"]
    assert head["x-amz-bucket-region"] == "us-east-1"
    s3.put_object(Bucket="one-two", Key="k", Body=b"x")
    refused("BucketNotEmpty", 409, s3.delete_bucket, Bucket="one-two")
    s3.delete_object(Bucket="one-two", Key="k")
    s3.delete_bucket(Bucket="one-two")
    refused("NoSuchBucket", 404, s3.delete_bucket, Bucket="one-two")
    refused("404", 404, s3.head_bucket, Bucket="one-two")


@pytest.mark.parametrize("name", ["Upper", "a_b", "192.168.0.1", "ab..c",
                                  "xn--abc", "abc-s3alias"])
def test_wrong_bucket_names_are_refused(s3, name):
    refused("InvalidBucketName", 400, s3.create_bucket, Bucket=name)


@pytest.mark.parametrize("name", ["nowhere", "us-east-1", "EU-west-1"])
def test_wrong_location_is_refused(s3, name):
    refused("InvalidLocationConstraint", 400, s3.create_bucket,
            Bucket="far-away", CreateBucketConfiguration={
                "LocationConstraint": name})


def test_a_bucket_may_be_in_another_region(s3):
    s3.create_bucket(Bucket="far-away", CreateBucketConfiguration={
        "LocationConstraint": "eu-west-1"})
    assert s3.get_bucket_location(
        Bucket="far-away")["LocationConstraint"] == "eu-west-1"
    head = s3.head_bucket(Bucket="far-away")["ResponseMetadata"]["HTTPHeaders"]
    assert head["x-amz-bucket-region"] == "eu-west-1"
    s3.delete_bucket(Bucket="far-away")


# --- objects ---

@pytest.mark.parametrize("key", HOSTILE)
def test_any_key_is_put_listed_got_copied_and_deleted(s3, bucket, key):
    body = b"body of " + key.encode()
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == body
    assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == len(body)
    listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert [e["Key"] for e in listed] == [key]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=key)["Contents"]
    assert [e["Key"] for e in listed] == [key]
    s3.copy_object(Bucket=bucket, Key=key + "2",
                   CopySource={"Bucket": bucket, "Key": key})
    assert s3.get_object(Bucket=bucket, Key=key + "2")["Body"].read() == body
    gone = s3.delete_objects(Bucket=bucket, Delete={
        "Objects": [{"Key": key}, {"Key": key + "2"}]}) \
        if key != "\x01ctl" else None
    if gone is None:    # XML 1.0 cannot carry it
        s3.delete_object(Bucket=bucket, Key=key)
        s3.delete_object(Bucket=bucket, Key=key + "2")
    else:
        assert len(gone["Deleted"]) == 2
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_keys_of_1024_bytes_fit_and_longer_ones_do_not(s3, bucket):
    s3.put_object(Bucket=bucket, Key="ü" * 512, Body=b"")
    assert s3.head_object(Bucket=bucket, Key="ü" * 512)["ContentLength"] == 0
    refused("KeyTooLongError", 400, s3.put_object, Bucket=bucket,
            Key="k" * 1025, Body=b"")


def test_metadata_and_headers_come_back(s3, bucket):
    s3.put_object(Bucket=bucket, Key="m", Body=b"1", ContentType="text/csv",
                  CacheControl="no-cache", ContentDisposition="inline",
                  Metadata={"origin": "till 4"})
    got = s3.get_object(Bucket=bucket, Key="m")
    assert got["ContentType"] == "text/csv"
    assert got["CacheControl"] == "no-cache"
    assert got["Metadata"] == {"origin": "till 4"}
    got = s3.get_object(Bucket=bucket, Key="m",
                        ResponseContentType="text/plain")
    assert got["ContentType"] == "text/plain"
    s3.copy_object(Bucket=bucket, Key="n", CopySource=bucket + "/m")
    assert s3.head_object(Bucket=bucket, Key="n")["Metadata"] == {
        "origin": "till 4"}
    s3.copy_object(Bucket=bucket, Key="m", CopySource=bucket + "/m",
                   MetadataDirective="REPLACE", Metadata={"a": "b"})
    assert s3.head_object(Bucket=bucket, Key="m")["Metadata"] == {"a": "b"}
    refused("InvalidRequest", 400, s3.copy_object, Bucket=bucket, Key="m",
            CopySource=bucket + "/m")
    refused("MetadataTooLarge", 400, s3.put_object, Bucket=bucket, Key="m",
            Body=b"", Metadata={"a": "b" * 2048})


def test_etag_is_the_md5(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="e", Body=b"abc")["ETag"]
    assert etag == '"' + hashlib.md5(b"abc").hexdigest() + '"'


@pytest.mark.parametrize("asked, body, shown", [
    ("bytes=0-2", b"012", "bytes 0-2/10"),
    ("bytes=5-", b"56789", "bytes 5-9/10"),
    ("bytes=-3", b"789", "bytes 7-9/10"),
    ("bytes=-99", b"0123456789", "bytes 0-9/10"),
    ("bytes=8-99", b"89", "bytes 8-9/10"),
])
def test_ranges(s3, bucket, asked, body, shown):
    s3.put_object(Bucket=bucket, Key="r", Body=b"0123456789")
    got = s3.get_object(Bucket=bucket, Key="r", Range=asked)
    assert got["Body"].read() == body
    assert got["ContentRange"] == shown
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_ranges_past_the_end_are_refused(s3, bucket):
    s3.put_object(Bucket=bucket, Key="r", Body=b"0123456789")
    refused("InvalidRange", 416, s3.get_object, Bucket=bucket, Key="r",
            Range="bytes=10-")
    s3.put_object(Bucket=bucket, Key="r", Body=b"")
    refused("InvalidRange", 416, s3.get_object, Bucket=bucket, Key="r",
            Range="bytes=0-")


def test_conditions(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="c", Body=b"abc")["ETag"]
    s3.get_object(Bucket=bucket, Key="c", IfMatch=etag)
    refused("PreconditionFailed", 412, s3.get_object, Bucket=bucket, Key="c",
            IfMatch='"other"')
    refused("304", 304, s3.get_object, Bucket=bucket, Key="c",
            IfNoneMatch=etag)
    later = datetime.utcnow() + timedelta(hours=1)
    refused("304", 304, s3.get_object, Bucket=bucket, Key="c",
            IfModifiedSince=later)
    refused("PreconditionFailed", 412, s3.get_object, Bucket=bucket, Key="c",
            IfUnmodifiedSince=datetime(2020, 1, 1))


def put_with_header(s3, bucket, key, name, value):
    def add(request, **kwargs):
        request.headers[name] = value
    s3.meta.events.register("before-sign.s3.PutObject", add)
    try:
        return s3.put_object(Bucket=bucket, Key=key, Body=b"new")
    finally:
        s3.meta.events.unregister("before-sign.s3.PutObject", add)


def test_conditional_writes(env, s3, bucket):
    etag = put_with_header(s3, bucket, "w", "If-None-Match", "*")["ETag"]
    with pytest.raises(ClientError) as caught:
        put_with_header(s3, bucket, "w", "If-None-Match", "*")
    assert code_of(caught) == ("PreconditionFailed", 412)
    put_with_header(s3, bucket, "w", "If-Match", etag)
    with pytest.raises(ClientError) as caught:
        put_with_header(s3, bucket, "w", "If-Match", '"other"')
    assert code_of(caught) == ("PreconditionFailed", 412)
    with pytest.raises(ClientError) as caught:
        put_with_header(s3, bucket, "gone", "If-Match", etag)
    assert code_of(caught) == ("NoSuchKey", 404)


def test_missing_things(s3, bucket):
    answer = refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="no")
    assert answer["Error"]["Key"] == "no"
    refused("404", 404, s3.head_object, Bucket=bucket, Key="no")
    refused("NoSuchBucket", 404, s3.get_object, Bucket="no-such", Key="k")
    refused("NoSuchBucket", 404, s3.put_object, Bucket="no-such", Key="k",
            Body=b"")
    s3.delete_object(Bucket=bucket, Key="no")


# --- listings ---

def test_listing_pages_folds_and_orders(s3, bucket):
    keys = sorted(["a/1", "a/2", "a/b/3", "b", "c/4", "d", "ü/5", "z+", "é"],
                  key=lambda k: k.encode())
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    seen = []
    for page in s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, PaginationConfig={"PageSize": 2}):
        assert page["KeyCount"] <= 2
        seen += [e["Key"] for e in page.get("Contents", [])]
    assert seen == keys
    seen = []
    for page in s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1}):
        seen += [e["Key"] for e in page.get("Contents", [])]
        seen += [e["Prefix"] for e in page.get("CommonPrefixes", [])]
    assert seen == ["a/", "b", "c/", "d", "z+", "é", "ü/"]
    page = s3.list_objects_v2(Bucket=bucket, Prefix="a/", Delimiter="/")
    assert [e["Key"] for e in page["Contents"]] == ["a/1", "a/2"]
    assert [e["Prefix"] for e in page["CommonPrefixes"]] == ["a/b/"]
    page = s3.list_objects_v2(Bucket=bucket, StartAfter="a/2")
    assert page["Contents"][0]["Key"] == "a/b/3"
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=0)["KeyCount"] == 0
    refused("InvalidArgument", 400, s3.list_objects_v2, Bucket=bucket,
            ContinuationToken="bad")
    seen = []
    for page in s3.get_paginator("list_objects").paginate(
            Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 1}):
        seen += [e["Key"] for e in page.get("Contents", [])]
        seen += [e["Prefix"] for e in page.get("CommonPrefixes", [])]
    assert seen == ["a/", "b", "c/", "d", "z+", "é", "ü/"]


def test_prefix_with_wildcards_of_sql_is_plain_text(s3, bucket):
    for key in ("a_b", "axb", "a%b"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    page = s3.list_objects_v2(Bucket=bucket, Prefix="a_")
    assert [e["Key"] for e in page["Contents"]] == ["a_b"]


# --- multipart ---

MIB = 1024 * 1024


def test_multipart_from_create_to_complete(s3, bucket):
    first = os.urandom(5 * MIB)
    last = b"the end"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m/p",
                                        ContentType="text/x")["UploadId"]
    at = {"Bucket": bucket, "Key": "m/p", "UploadId": upload}
    s3.upload_part(PartNumber=1, Body=b"replaced", **at)
    one = s3.upload_part(PartNumber=1, Body=first, **at)["ETag"]
    two = s3.upload_part(PartNumber=7, Body=last, **at)["ETag"]
    parts = s3.list_parts(**at)["Parts"]
    assert [(p["PartNumber"], p["Size"]) for p in parts] == [
        (1, 5 * MIB), (7, len(last))]
    page = s3.list_parts(MaxParts=1, **at)
    assert page["IsTruncated"] and page["NextPartNumberMarker"] == 1
    assert [u["Key"] for u in s3.list_multipart_uploads(
        Bucket=bucket)["Uploads"]] == ["m/p"]
    refused("InvalidPart", 400, s3.complete_multipart_upload,
            MultipartUpload={"Parts": [{"PartNumber": 2, "ETag": one}]}, **at)
    refused("InvalidPart", 400, s3.complete_multipart_upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": two}]}, **at)
    refused("InvalidPartOrder", 400, s3.complete_multipart_upload,
            MultipartUpload={"Parts": [{"PartNumber": 7, "ETag": two},
                                       {"PartNumber": 1, "ETag": one}]}, **at)
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": [
        {"PartNumber": 1, "ETag": one}, {"PartNumber": 7, "ETag": two}]}, **at)
    digest = hashlib.md5(hashlib.md5(first).digest() +
                         hashlib.md5(last).digest()).hexdigest()
    assert done["ETag"] == '"%s-2"' % digest
    got = s3.get_object(Bucket=bucket, Key="m/p")
    assert got["Body"].read() == first + last
    assert got["ContentType"] == "text/x"
    refused("NoSuchUpload", 404, s3.list_parts, **at)


def test_small_parts_are_refused_but_the_last(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="s")["UploadId"]
    at = {"Bucket": bucket, "Key": "s", "UploadId": upload}
    tags = [s3.upload_part(PartNumber=n, Body=b"x", **at)["ETag"]
            for n in (1, 2)]
    refused("EntityTooSmall", 400, s3.complete_multipart_upload,
            MultipartUpload={"Parts": [
                {"PartNumber": n + 1, "ETag": t}
                for n, t in enumerate(tags)]}, **at)
    s3.abort_multipart_upload(**at)
    refused("NoSuchUpload", 404, s3.abort_multipart_upload, **at)
    refused("NoSuchUpload", 404, s3.upload_part, PartNumber=1, Body=b"", **at)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_parts_are_copied_from_ranges(s3, bucket):
    s3.put_object(Bucket=bucket, Key="src", Body=b"0123456789")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="dst")["UploadId"]
    at = {"Bucket": bucket, "Key": "dst", "UploadId": upload}
    etag = s3.upload_part_copy(PartNumber=1, CopySource=bucket + "/src",
                               CopySourceRange="bytes=2-4",
                               **at)["CopyPartResult"]["ETag"]
    refused("InvalidArgument", 400, s3.upload_part_copy, PartNumber=1,
            CopySource=bucket + "/src", CopySourceRange="bytes=2-10", **at)
    s3.complete_multipart_upload(MultipartUpload={"Parts": [
        {"PartNumber": 1, "ETag": etag}]}, **at)
    assert s3.get_object(Bucket=bucket, Key="dst")["Body"].read() == b"234"


# --- signatures ---

def test_wrong_secret(env):
    answer = refused("SignatureDoesNotMatch", 403,
                     client(env, aws_secret_access_key="wrong").list_buckets)
    assert answer["Error"]["StringToSign"].startswith("AWS4-HMAC-SHA256")


def test_unknown_key(env):
    refused("InvalidAccessKeyId", 403,
            client(env, aws_access_key_id="AKIAUNKNOWN").list_buckets)


def test_buckets_are_listed_from_every_region(env, bucket):
    names = [entry["Name"] for entry in
             client(env, region_name="eu-west-1").list_buckets()["Buckets"]]
    assert bucket in names


def test_clients_find_the_region_by_themselves(env, bucket):
    abroad = client(env, region_name="eu-west-1")
    assert abroad.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_unknown_token(env):
    refused("InvalidToken", 400,
            client(env, aws_session_token="token").list_buckets)


@pytest.mark.parametrize("minutes, right", [(-16, False), (16, False),
                                            (-10, True), (10, True)])
def test_clock_skew(env, minutes, right):
    real = datetime

    class Shifted(datetime):
        @classmethod
        def utcnow(cls):
            return real.utcnow() + timedelta(minutes=minutes)

    with mock.patch.object(botocore.auth.datetime, "datetime", Shifted):
        if right:
            client(env).list_buckets()
        else:
            refused("RequestTimeTooSkewed", 403, client(env).list_buckets)


def test_anonymous_is_refused(env):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(env["AWS_ENDPOINT_URL"] + "/b/k")
    assert caught.value.code == 403
    assert b"<Code>AccessDenied</Code>" in caught.value.read()


def fetch(url, method="GET", data=None, headers=None):
    request = urllib.request.Request(url, method=method, data=data,
                                     headers=headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_presigned_urls(s3, bucket):
    at = {"Bucket": bucket, "Key": "p q/ü"}
    put = s3.generate_presigned_url("put_object", at)
    assert fetch(put, "PUT", b"signed", {"Content-Type": ""})[0] == 200
    get = s3.generate_presigned_url("get_object", at)
    assert fetch(get) == (200, b"signed")
    status, body = fetch(get.replace("X-Amz-Expires=3600",
                                     "X-Amz-Expires=3601"))
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)
    status, body = fetch(s3.generate_presigned_url("get_object", at,
                                                   ExpiresIn=604801))
    assert b"AuthorizationQueryParametersError" in body and status == 400
    real = datetime

    class Past(datetime):
        @classmethod
        def utcnow(cls):
            return real.utcnow() - timedelta(minutes=2)

    with mock.patch.object(botocore.auth.datetime, "datetime", Past):
        old = s3.generate_presigned_url("get_object", at, ExpiresIn=60)
    status, body = fetch(old)
    assert status == 403 and b"Request has expired" in body


# --- bodies ---

def signed(env, method, path, body, headers, sha256):
    """One request signed by botocore with that x-amz-content-sha256."""
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    request = AWSRequest(method=method, data=b"",
                         url=env["AWS_ENDPOINT_URL"] + path,
                         headers=dict(headers))
    request.headers["X-Amz-Content-SHA256"] = sha256
    signer = botocore.auth.S3SigV4Auth(
        Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]),
        "s3", "us-east-1")
    with mock.patch.object(signer, "payload", lambda r: sha256):
        signer.add_auth(request)
    host = urllib.parse.urlsplit(env["AWS_ENDPOINT_URL"]).netloc
    connection = http.client.HTTPConnection(host)
    connection.request(method, path, body=body,
                       headers=dict(request.headers.items()))
    answer = connection.getresponse()
    return answer.status, answer.read(), signer, request


def test_body_that_is_not_the_signed_one(env, s3, bucket):
    status, body, _, _ = signed(env, "PUT", "/%s/k" % bucket, b"other", {},
                                hashlib.sha256(b"body").hexdigest())
    assert status == 400 and b"XAmzContentSHA256Mismatch" in body
    refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="k")


@pytest.mark.parametrize("name, value, right", [
    ("Content-MD5", base64.b64encode(hashlib.md5(b"123456789").digest()), True),
    ("Content-MD5", base64.b64encode(hashlib.md5(b"no").digest()), False),
    ("x-amz-checksum-crc32", b"y/Q5Jg==", True),
    ("x-amz-checksum-crc32", b"AAAAAA==", False),
    ("x-amz-checksum-crc32c", b"4waSgw==", True),
    ("x-amz-checksum-crc64nvme", b"rosUhgp5mIg=", True),
    ("x-amz-checksum-crc64nvme", b"rosUhgp5mIk=", False),
    ("x-amz-checksum-sha1",
     base64.b64encode(hashlib.sha1(b"123456789").digest()), True),
    ("x-amz-checksum-sha256",
     base64.b64encode(hashlib.sha256(b"123456789").digest()), True),
])
def test_digests_are_checked(env, bucket, name, value, right):
    status, body, _, _ = signed(env, "PUT", "/%s/k" % bucket, b"123456789",
                                {name: value.decode()}, "UNSIGNED-PAYLOAD")
    assert (status == 200) == right
    assert right or b"BadDigest" in body


def test_unknown_checksum_is_refused_by_name(env, bucket):
    status, body, _, _ = signed(env, "PUT", "/%s/k" % bucket, b"1",
                                {"x-amz-checksum-xxhash3": "AAAA"},
                                "UNSIGNED-PAYLOAD")
    assert status == 501 and b"x-amz-checksum-xxhash3" in body


def test_stored_checksum_comes_back_when_asked_for(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"123456789",
                  ChecksumAlgorithm="SHA256")
    digest = base64.b64encode(hashlib.sha256(b"123456789").digest()).decode()
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == digest
    assert "ChecksumSHA256" not in s3.head_object(Bucket=bucket, Key="k")


def chunked(env, bucket, chunks, sign=True, trailer=None, spoil=None):
    """aws-chunked upload, framed here by the documented rule."""
    import hmac
    literal = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" if sign else \
        "STREAMING-UNSIGNED-PAYLOAD"
    headers = {"Content-Encoding": "aws-chunked",
               "x-amz-decoded-content-length": str(sum(map(len, chunks)))}
    if trailer:
        literal += "-TRAILER"
        headers["x-amz-trailer"] = trailer[0]
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    path = "/%s/chunked" % bucket
    request = AWSRequest(method="PUT", data=b"",
                         url=env["AWS_ENDPOINT_URL"] + path, headers=headers)
    signer = botocore.auth.S3SigV4Auth(
        Credentials(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]),
        "s3", "us-east-1")
    request.headers["X-Amz-Content-SHA256"] = literal
    with mock.patch.object(signer, "payload", lambda r: literal):
        signer.add_auth(request)
    previous = request.headers["Authorization"].rsplit("=", 1)[1]
    stamp = request.context["timestamp"]
    scope = "%s/us-east-1/s3/aws4_request" % stamp[:8]
    key = ("AWS4" + env["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()

    def mac(*lines):
        return hmac.new(key, "\n".join(lines).encode(),
                        hashlib.sha256).hexdigest()
    out = io.BytesIO()
    for number, data in enumerate(list(chunks) + [b""]):
        line = "%x" % len(data)
        if sign:
            previous = mac("AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, previous,
                           hashlib.sha256(b"").hexdigest(),
                           hashlib.sha256(data).hexdigest())
            shown = "0" * 64 if spoil == number else previous
            line += ";chunk-signature=" + shown
        out.write(line.encode() + b"\r\n")
        if data:
            out.write(data + b"\r\n")
    if trailer:
        out.write(("%s:%s\r\n" % trailer).encode())
        if sign:
            text = ("%s:%s\n" % trailer).encode()
            previous = mac("AWS4-HMAC-SHA256-TRAILER", stamp, scope, previous,
                           hashlib.sha256(text).hexdigest())
            if spoil == "trailer":
                previous = "0" * 64
            out.write(b"x-amz-trailer-signature:" + previous.encode() +
                      b"\r\n")
    out.write(b"\r\n")
    host = urllib.parse.urlsplit(env["AWS_ENDPOINT_URL"]).netloc
    connection = http.client.HTTPConnection(host)
    connection.request("PUT", path, body=out.getvalue(),
                       headers=dict(request.headers.items()))
    answer = connection.getresponse()
    return answer.status, answer.read()


CHUNKS = [b"a" * 65536, b"b" * 1024]


@pytest.mark.parametrize("sign, trailer", [
    (True, None), (True, "x-amz-checksum-crc32"),
    (False, "x-amz-checksum-crc32"),
])
def test_chunked_bodies_are_unframed(env, s3, bucket, sign, trailer):
    import zlib
    crc = base64.b64encode(zlib.crc32(b"".join(CHUNKS)).to_bytes(4, "big"))
    status, body = chunked(env, bucket, CHUNKS, sign,
                           trailer and (trailer, crc.decode()))
    assert status == 200, body
    got = s3.get_object(Bucket=bucket, Key="chunked")
    assert got["Body"].read() == b"".join(CHUNKS)
    assert "ContentEncoding" not in got


@pytest.mark.parametrize("spoil", [0, 1, 2, "trailer"])
def test_spoilt_chunk_signatures_are_refused(env, s3, bucket, spoil):
    import zlib
    crc = base64.b64encode(zlib.crc32(b"".join(CHUNKS)).to_bytes(4, "big"))
    status, body = chunked(env, bucket, CHUNKS, True,
                           ("x-amz-checksum-crc32", crc.decode()), spoil)
    assert status == 403 and b"SignatureDoesNotMatch" in body
    refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="chunked")


def test_wrong_trailer_checksum_is_refused(env, s3, bucket):
    status, body = chunked(env, bucket, CHUNKS, False,
                           ("x-amz-checksum-crc32", "AAAAAA=="))
    assert status == 400 and b"BadDigest" in body
    refused("NoSuchKey", 404, s3.get_object, Bucket=bucket, Key="chunked")


# --- what is not there is refused by name ---

def test_unknown_operations_are_refused_by_name(s3, bucket):
    answer = refused("NotImplemented", 501, s3.get_bucket_acl, Bucket=bucket)
    assert "acl" in answer["Error"]["Message"]
    refused("NotImplemented", 501, s3.put_object_tagging, Bucket=bucket,
            Key="k", Tagging={"TagSet": []})
    refused("InvalidStorageClass", 400, s3.put_object, Bucket=bucket,
            Key="k", Body=b"", StorageClass="ATTIC")
    refused("AccessDenied", 403, s3.list_objects_v2, Bucket=bucket,
            ExpectedBucketOwner="999999999999")


# --- STS and Redshift ---

def test_caller_identity(env):
    who = client(env, "sts").get_caller_identity()
    assert who["Account"] == "123456789012"
    assert who["Arn"] == "arn:aws:iam::123456789012:user/sandbox"
    refused("SignatureDoesNotMatch", 403, client(
        env, "sts", aws_secret_access_key="wrong").get_caller_identity)
    refused("InvalidClientTokenId", 403, client(
        env, "sts", aws_access_key_id="AKIAUNKNOWN").get_caller_identity)
    answer = refused("InvalidAction", 400, client(env, "sts").get_session_token)
    assert "GetSessionToken" in answer["Error"]["Message"]


def test_clusters(env):
    redshift = client(env, "redshift")
    cluster = redshift.describe_clusters()["Clusters"][0]
    assert cluster["Endpoint"]["Port"] == 5439
    assert "arn:aws:iam::123456789012:role/RedshiftCopy" in [
        r["IamRoleArn"] for r in cluster["IamRoles"]]
    refused("ClusterNotFound", 404, redshift.describe_clusters,
            ClusterIdentifier="other")


def test_cluster_credentials(env):
    redshift = client(env, "redshift")
    got = redshift.get_cluster_credentials(
        ClusterIdentifier="redsh-sandbox", DbUser="alice", AutoCreate=True)
    assert got["DbUser"] == "IAMA:alice"
    assert len(got["DbPassword"]) > 60
    left = got["Expiration"].timestamp() - time.time()
    assert 800 < left <= 900
    got = redshift.get_cluster_credentials(
        ClusterIdentifier="redsh-sandbox", DbUser="alice")
    assert got["DbUser"] == "IAM:alice"
    refused("InvalidParameterValue", 400, redshift.get_cluster_credentials,
            ClusterIdentifier="redsh-sandbox", DbUser="a", DurationSeconds=10)
    refused("InvalidAction", 400, redshift.describe_events)
