"""The sandbox's S3 as boto3, s3cmd and rclone use it, which share no line with redsh."""

import io
import os
import shutil
import socket
import subprocess

import pytest

from s3_server import S3Server

boto3 = pytest.importorskip("boto3")
# pylint: disable=wrong-import-position
from boto3.s3.transfer import TransferConfig  # noqa: E402
from botocore import UNSIGNED  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

MIB = 1 << 20
DATA = os.urandom(12 * MIB + 17)


@pytest.fixture(scope="module", name="server")
def make_server():
    server = S3Server()
    resolve = socket.getaddrinfo
    # as libcurl and browsers do; glibc asks the network
    socket.getaddrinfo = lambda host, *more, **others: resolve(
        "127.0.0.1" if host.endswith(".localhost") else host, *more, **others)
    yield server
    socket.getaddrinfo = resolve
    server.stop()


def make_client(server, host="127.0.0.1", region="us-east-1", style="path",
                **config):
    port = server.env["AWS_ENDPOINT_URL"].rsplit(":", 1)[1]
    return boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", region_name=region,
        aws_access_key_id=server.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=server.env["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": style}, retries={
            "max_attempts": 2}, **config))


@pytest.fixture(scope="module", name="s3")
def make_s3(server):
    s3 = make_client(server)
    s3.create_bucket(Bucket="bucket")
    return s3


def code_of(call, **arguments):
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return raised.value.response["Error"]["Code"]


def fetch(link, header="accept: */*"):
    return subprocess.run(["curl", "-s", "-H", header, link],
                          capture_output=True, check=True).stdout


def body(answer):
    return answer["Body"].read()


def test_virtual_hosts(server, s3):
    s3.put_object(Bucket="bucket", Key="virtual/a b", Body=b"text")
    virtual = make_client(server, "localhost", style="virtual")
    assert body(virtual.get_object(Bucket="bucket", Key="virtual/a b")) \
        == b"text"
    listed = virtual.list_objects_v2(Bucket="bucket", Prefix="virtual/")
    assert [item["Key"] for item in listed["Contents"]] == ["virtual/a b"]


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
@pytest.mark.parametrize("size", [17, len(DATA)])
def test_checksums_of_uploads(s3, algorithm, size):
    key = f"sums-{algorithm}-{size}"
    s3.upload_fileobj(
        io.BytesIO(DATA[:size]), "bucket", key,
        ExtraArgs={"ChecksumAlgorithm": algorithm},
        Config=TransferConfig(multipart_chunksize=5 * MIB))
    head = s3.head_object(Bucket="bucket", Key=key, ChecksumMode="ENABLED")
    assert head["Checksum" + algorithm].endswith("-3") == (size > 8 * MIB)
    assert body(s3.get_object(Bucket="bucket", Key=key,
                              ChecksumMode="ENABLED")) == DATA[:size]
    facts = s3.get_object_attributes(
        Bucket="bucket", Key=key,
        ObjectAttributes=["Checksum", "ObjectParts", "ObjectSize"])
    assert facts["ObjectSize"] == size
    if size > 8 * MIB:
        assert facts["ObjectParts"]["TotalPartsCount"] == 3
        part = s3.get_object(Bucket="bucket", Key=key, PartNumber=3)
        assert (part["PartsCount"], body(part)) == (3, DATA[10 * MIB:])


def test_a_bucket_in_another_region_is_found(server, s3):
    del s3
    far = make_client(server, region="eu-west-1")
    far.create_bucket(Bucket="far", CreateBucketConfiguration={
        "LocationConstraint": "eu-west-1"})
    far.put_object(Bucket="far", Key="k", Body=b"text")
    near = make_client(server)
    assert near.get_bucket_location(Bucket="far")["LocationConstraint"] \
        == "eu-west-1"
    # boto3 signs anew for the region that the refusal names
    assert body(near.get_object(Bucket="far", Key="k")) == b"text"
    virtual = make_client(server, "localhost", style="virtual")
    assert body(virtual.get_object(Bucket="far", Key="k")) == b"text"
    assert near.head_bucket(Bucket="far")["ResponseMetadata"]["HTTPHeaders"][
        "x-amz-bucket-region"] == "eu-west-1"


def test_versions(s3):
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={
        "Status": "Enabled"})
    ids = [s3.put_object(Bucket="versions", Key=f"k{i % 3}", Body=bytes([i]))
           ["VersionId"] for i in range(9)]
    s3.delete_object(Bucket="versions", Key="k0")
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket="versions", PaginationConfig={"PageSize": 2})
    versions, markers = [], []
    for page in pages:
        versions += page.get("Versions", [])
        markers += page.get("DeleteMarkers", [])
    assert sorted(version["VersionId"] for version in versions) == sorted(ids)
    assert [marker["Key"] for marker in markers] == ["k0"]
    assert sum(version["IsLatest"] for version in versions) == 2
    assert body(s3.get_object(Bucket="versions", Key="k0", VersionId=ids[3])) \
        == bytes([3])
    assert code_of(s3.get_object, Bucket="versions", Key="k0") == "NoSuchKey"
    boto3.resource("s3", endpoint_url=s3.meta.endpoint_url,
                   region_name="us-east-1", aws_access_key_id=key_of(s3)[0],
                   aws_secret_access_key=key_of(s3)[1]) \
        .Bucket("versions").object_versions.delete()
    s3.delete_bucket(Bucket="versions")


def key_of(s3):
    # pylint: disable=protected-access
    keys = s3._request_signer._credentials
    return keys.access_key, keys.secret_key


def test_many_are_deleted(s3):
    keys = [f"many/{i}\n<&>\"'" for i in range(1200)]
    s3.create_bucket(Bucket="many")
    for key in keys[::100]:
        s3.put_object(Bucket="many", Key=key, Body=b"")
    for at in (0, 1000):
        done = s3.delete_objects(Bucket="many", Delete={"Objects": [
            {"Key": key} for key in keys[at:at + 1000]]})
        assert "Errors" not in done and len(done["Deleted"]) in (1000, 200)
    assert s3.list_objects_v2(Bucket="many")["KeyCount"] == 0


def test_kms_classes_payers_and_the_public(server, s3):
    s3.put_object(Bucket="bucket", Key="kms", Body=b"text",
                  ServerSideEncryption="aws:kms",
                  SSEKMSKeyId="alias/redsh-sandbox")
    assert s3.head_object(Bucket="bucket", Key="kms")["SSEKMSKeyId"] \
        .startswith("arn:aws:kms:us-east-1:")
    s3.put_object(Bucket="bucket", Key="cold", Body=b"ice",
                  StorageClass="DEEP_ARCHIVE")
    assert code_of(s3.get_object, Bucket="bucket", Key="cold") \
        == "InvalidObjectState"
    s3.restore_object(Bucket="bucket", Key="cold", RestoreRequest={"Days": 1})
    assert body(s3.get_object(Bucket="bucket", Key="cold")) == b"ice"
    s3.create_bucket(Bucket="paid")
    s3.put_bucket_request_payment(
        Bucket="paid", RequestPaymentConfiguration={"Payer": "Requester"})
    assert code_of(s3.list_objects_v2, Bucket="paid") == "AccessDenied"
    assert s3.list_objects_v2(Bucket="paid", RequestPayer="requester")[
        "KeyCount"] == 0
    s3.put_object(Bucket="paid", Key="k", Body=b"text",
                  RequestPayer="requester")
    wanted = {"Bucket": "paid", "Key": "k", "RequestPayer": "requester"}
    signer = make_client(server, signature_version="s3v4")
    link = signer.generate_presigned_url("get_object", wanted)
    assert fetch(link, "x-amz-request-payer: requester") == b"text"
    old = make_client(server, signature_version="s3")
    assert b"AWS4-HMAC-SHA256" in fetch(
        old.generate_presigned_url("get_object", wanted))
    s3.put_bucket_policy(Bucket="bucket", Policy=(
        '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*",'
        '"Resource": "arn:aws:s3:::bucket/kms"}}'))
    public = make_client(server, signature_version=UNSIGNED)
    assert body(public.get_object(Bucket="bucket", Key="kms")) == b"text"
    assert code_of(public.get_object, Bucket="bucket", Key="cold") \
        == "AccessDenied"


# --- s3cmd ---

@pytest.fixture(scope="module", name="s3cmd")
def make_s3cmd(server, tmp_path_factory):
    if shutil.which("s3cmd") is None:
        pytest.skip("no s3cmd")
    folder = tmp_path_factory.mktemp("s3cmd")
    host = server.env["AWS_ENDPOINT_URL"].partition("//")[2]
    (folder / "cfg").write_text(
        "[default]\nuse_https = False\nsignature_v2 = False\n"
        f"access_key = {server.env['AWS_ACCESS_KEY_ID']}\n"
        f"secret_key = {server.env['AWS_SECRET_ACCESS_KEY']}\n"
        f"host_base = {host}\nhost_bucket = {host}\n"
        "multipart_chunk_size_mb = 5\n")

    def run(*words):
        done = subprocess.run(["s3cmd", "-c", folder / "cfg", "--no-progress",
                               *words], capture_output=True, check=False,
                              text=True, cwd=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout
    run.folder = folder
    return run


def test_s3cmd(s3cmd):
    (s3cmd.folder / "up").write_bytes(DATA)
    (s3cmd.folder / "small").write_bytes(b"text")
    s3cmd("mb", "s3://s3cmd")
    s3cmd("put", "up", "small", "s3://s3cmd/d/")
    assert "s3://s3cmd/d/small" in s3cmd("ls", "s3://s3cmd/d/")
    s3cmd("cp", "s3://s3cmd/d/up", "s3://s3cmd/copy")
    s3cmd("get", "s3://s3cmd/copy", "down")
    assert (s3cmd.folder / "down").read_bytes() == DATA
    (s3cmd.folder / "tree" / "a").mkdir(parents=True)
    (s3cmd.folder / "tree" / "a" / "b c").write_text("text")
    s3cmd("sync", "tree/", "s3://s3cmd/tree/")
    assert "a/b c" in s3cmd("ls", "-r", "s3://s3cmd/tree/")
    s3cmd("del", "-r", "-f", "s3://s3cmd/")
    s3cmd("rb", "s3://s3cmd")


# --- rclone ---

def test_rclone_with_many_at_once(server, tmp_path):
    if shutil.which("rclone") is None:
        pytest.skip("no rclone")
    env = {name: value for name, value in os.environ.items()
           if name != "AWS_CA_BUNDLE"}
    env.update(server.env, RCLONE_CONFIG=str(tmp_path / "none"),
               RCLONE_S3_PROVIDER="Other", RCLONE_S3_ENV_AUTH="true",
               RCLONE_S3_ENDPOINT=server.env["AWS_ENDPOINT_URL"],
               RCLONE_S3_FORCE_PATH_STYLE="true")
    tree = tmp_path / "tree"
    tree.mkdir()
    for i in range(100):
        (tree / f"file {i}+&").write_bytes(DATA[:i * i])
    (tree / "big").write_bytes(DATA)

    def rclone(*words):
        done = subprocess.run(["rclone", *words], env=env, check=False,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    rclone("mkdir", ":s3:rclone")
    rclone("copy", tree, ":s3:rclone/t", "--transfers", "32",
           "--s3-upload-cutoff", "5M", "--s3-chunk-size", "5M")
    rclone("check", tree, ":s3:rclone/t", "--download")
    rclone("copy", ":s3:rclone/t", ":s3:rclone/u", "--transfers", "16")
    rclone("check", ":s3:rclone/t", ":s3:rclone/u")
    rclone("purge", ":s3:rclone")
