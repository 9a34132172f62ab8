"""The \\s3 commands that look, copy and remove, against the sandbox's S3, with
boto3 as a witness."""

import bz2
import csv
import gzip
import io
import json
import os
import subprocess
import sys
import urllib.request
import zipfile

import boto3
import pytest
from botocore.client import Config

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))

from s3_server import S3Server          # noqa: E402

REDSH = os.environ["REDSH"]

# Names that do harm where they are not taken as they are.
AWKWARD = ["a b", "new\nline", "quo'te", 'dou"ble', "back\\slash", "../up",
           "a//b", "/lead", "dot/../x", "pl+us", "per%25cent", "q?mark",
           "star*", "b[r]ack", "ünï", "\U0001f600", "\x01ctl", "\x1b[31m",
           ":var", "`id`", "semi;colon", "#hash", "-dash", "--", ".", "~"]


class Shell:
    """redsh against one server, with a HOME of its own."""

    def __init__(self, server, home):
        self.server, self.home = server, home
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "XDG_", "PG"))}
        self.env.update(server.env, HOME=str(home),
                        AWS_EC2_METADATA_DISABLED="true")

    def run(self, *commands, fails=False, options=("--csv",), data=None,
            script=None):
        """What the commands print; with fails what they complain of."""
        words = [REDSH, "-X", "--offline", "-v", "ON_ERROR_STOP=1", *options]
        for command in commands:
            words += ["-c", command]
        if script is not None:
            words += ["-f", script]
        done = subprocess.run(words, capture_output=True, check=False,
                              env=self.env, cwd=self.home, input=data,
                              stdin=None if data else subprocess.DEVNULL)
        self.said = done.stderr.decode()
        assert (done.returncode != 0) == fails, (commands, self.said)
        return self.said if fails else done.stdout.decode()

    def rows(self, *commands, **more):
        return list(csv.DictReader(io.StringIO(self.run(*commands, **more))))

    def names(self, command):
        return [row["name"] for row in self.rows(command)]


def quoted(text):
    """An argument as the shell takes it whatever is in it."""
    out = ""
    for char in text:
        if char in "'\\":
            out += "\\" + char if char == "\\" else "''"
        elif ord(char) < 32:
            out += f"\\{ord(char):03o}"
        else:
            out += char
    return f"'{out}'"


@pytest.fixture(scope="module")
def server():
    running = S3Server()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def boto(server):
    return boto3.client(
        "s3", endpoint_url=server.env["AWS_ENDPOINT_URL"],
        aws_access_key_id=server.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=server.env["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}))


@pytest.fixture
def shell(server, tmp_path):
    return Shell(server, tmp_path)


@pytest.fixture
def bucket(boto, request):
    """A bucket with two levels of folders."""
    name = request.node.name.replace("_", "-").split("[")[0][-50:].strip("-")
    boto.create_bucket(Bucket=name)
    for key, size in (("top.csv", 12), ("dir/a.csv", 100),
                      ("dir/b.csv.gz", 3000), ("dir/sub/c.json", 7),
                      ("dir/sub/deep/d.csv", 50), ("dir2/e.csv", 1)):
        boto.put_object(Bucket=name, Key=key, Body=b"x" * size)
    return name


def keys(boto, bucket):
    pages = boto.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


# --- \s3ls ---

def test_a_listing_shows_one_level_or_all(shell, bucket):
    rows = shell.rows(rf"\s3ls s3://{bucket}")
    assert [row["name"] for row in rows] == ["dir/", "dir2/", "top.csv"]
    assert rows[2]["size"] == "12" and rows[2]["class"] == "STANDARD"
    assert rows[0]["size"] == "" and rows[0]["class"] == ""
    assert shell.names(rf"\s3ls -R s3://{bucket}/dir/") == [
        "a.csv", "b.csv.gz", "sub/c.json", "sub/deep/d.csv"]
    assert shell.names(rf"\s3ls s3://{bucket}/dir/*.csv") == ["a.csv"]
    assert shell.names(rf"\s3ls s3://{bucket}/**.csv") == [
        "dir/a.csv", "dir/sub/deep/d.csv", "dir2/e.csv", "top.csv"]


def test_a_listing_is_sorted_and_limited(shell, bucket):
    assert shell.names(rf"\s3ls -RS s3://{bucket}")[:2] == [
        "dir/b.csv.gz", "dir/a.csv"]
    assert shell.names(rf"\s3ls -RSr -n 2 s3://{bucket}") == [
        "dir2/e.csv", "dir/sub/c.json"]
    assert shell.names(rf"\s3ls -r s3://{bucket}") == [
        "top.csv", "dir2/", "dir/"]
    assert shell.names(rf"\s3ls -n 1 s3://{bucket}/dir/") == ["a.csv"]
    assert "-n" in shell.run(rf"\s3ls -n -1 s3://{bucket}", fails=True)


def test_a_long_listing_comes_whole_and_as_boto3_has_it(shell, boto, bucket):
    for i in range(2345):
        boto.put_object(Bucket=bucket, Key=f"many/{i:05}", Body=b"")
    rows = shell.rows(rf"\s3ls -R -l s3://{bucket}")
    assert [row["name"] for row in rows] == keys(boto, bucket)
    assert len({row["etag"] for row in rows[6:]}) > 1
    assert len(shell.names(rf"\s3ls -n 1500 s3://{bucket}/many/")) == 1500
    assert shell.names(rf"\s3ls -R -t -n 3 s3://{bucket}/many/") == [
        f"{i:05}" for i in (2344, 2343, 2342)]


def test_buckets_are_listed_with_their_region(shell, bucket):
    row = [row for row in shell.rows(r"\s3ls") if row["name"] == bucket]
    assert row[0]["region"] == "us-east-1" and row[0]["created"]


def test_a_listing_of_nothing_says_so(shell, bucket):
    said = shell.run(rf"\s3ls s3://{bucket}/nothing", fails=True)
    assert f"nothing matches s3://{bucket}/nothing" in said


# --- \s3tree, \s3du, \s3find, \s3stat ---

def test_a_tree_has_branches_and_sums(shell, bucket):
    rows = shell.rows(rf"\s3tree s3://{bucket}/dir")
    assert [row["name"] for row in rows] == [
        "├── dir/", "│   ├── a.csv", "│   ├── b.csv.gz", "│   └── sub/",
        "│       ├── c.json", "│       └── deep/", "│           └── d.csv",
        "└── dir2/", "    └── e.csv"]
    assert rows[0]["size"] == "3157"
    assert [row["name"] for row in shell.rows(rf"\s3tree -L 1 s3://{bucket}")
            ] == ["├── dir/", "├── dir2/", "└── top.csv"]
    text = shell.run(rf"\s3tree -h s3://{bucket}", options=())
    assert "(4 folders, 6 objects, 3.1 KiB)" in text


def test_usage_is_told_by_folder(shell, bucket):
    rows = shell.rows(rf"\s3du -d 2 s3://{bucket}")
    assert [(row["name"], row["objects"], row["bytes"]) for row in rows] == [
        ("dir/sub/", "2", "57"), ("dir/", "4", "3157"), ("dir2/", "1", "1"),
        (f"s3://{bucket}", "6", "3170")]
    assert rows[3]["largest key"] == "dir/b.csv.gz"
    assert len(shell.rows(rf"\s3du s3://{bucket}/dir/*.csv")) == 1


def test_objects_are_found_by_what_they_are(shell, bucket):
    start = f"s3://{bucket}/"
    found = shell.names(rf"\s3find s3://{bucket} --name *.csv")
    assert found == [start + name for name in (
        "dir/a.csv", "dir/sub/deep/d.csv", "dir2/e.csv", "top.csv")]
    assert shell.names(rf"\s3find s3://{bucket} --size +100") == [
        start + "dir/b.csv.gz"]
    assert shell.names(rf"\s3find s3://{bucket} --size -7") == [
        start + "dir2/e.csv"]
    assert shell.names(rf"\s3find s3://{bucket} --size 7") == [
        start + "dir/sub/c.json"]
    assert len(shell.names(rf"\s3find s3://{bucket} --newer 1h")) == 6
    assert not shell.names(rf"\s3find s3://{bucket} --older 1h")
    assert not shell.names(rf"\s3find s3://{bucket} --newer 2999-01-01")
    assert not shell.names(rf"\s3find s3://{bucket} --class GLACIER")


@pytest.mark.parametrize("switch", ["--size x", "--newer soon", "--older -"])
def test_a_wish_that_is_none_is_refused(shell, switch):
    said = shell.run(rf"\s3find s3://some-bucket {switch}", fails=True)
    assert switch.split()[0] in said and "HINT" in said


def test_an_object_is_described(shell, boto, bucket):
    boto.put_object(Bucket=bucket, Key="full.csv", Body=b"x,y\n",
                    ContentType="text/csv", Metadata={"team": "anna"},
                    CacheControl="max-age=60",
                    ChecksumAlgorithm="SHA256")
    rows = {row["property"]: row["value"]
            for row in shell.rows(rf"\s3stat s3://{bucket}/full.csv")}
    assert rows["key"] == "full.csv" and rows["size"] == "4"
    assert rows["content type"] == "text/csv"
    assert rows["cache control"] == "max-age=60"
    assert rows["metadata"] == "team: anna"
    assert rows["storage class"] == "STANDARD"
    assert rows["SHA-256"]


def test_a_bucket_is_described(shell, bucket):
    rows = {row["property"]: row["value"]
            for row in shell.rows(rf"\s3stat s3://{bucket}")}
    assert rows["region"] == "us-east-1" and rows["empty"] == "no"


# --- \s3cd and \s3pwd ---

def test_names_are_relative_to_the_place(shell, bucket):
    out = shell.run(rf"\s3cd s3://{bucket}/dir", r"\s3pwd", r"\s3cd sub",
                    r"\s3pwd", r"\s3cd ../..", r"\s3pwd", r"\s3cd -",
                    r"\s3pwd", r"\s3cd /dir2", r"\s3pwd", r"\s3cd ../../..",
                    r"\s3pwd", rf"\s3cd {bucket}", r"\s3pwd")
    base = f"s3://{bucket}/"
    assert out.split() == [base + "dir/", base + "dir/sub/", base,
                           base + "dir/sub/", base + "dir2/", "s3://", base]
    assert "a.csv" in shell.run(rf"\s3cd s3://{bucket}/dir", r"\s3ls a.csv")
    assert "deep/d.csv" in shell.run(rf"\s3cd s3://{bucket}/dir/",
                                     r"\s3cd sub", r"\s3ls -R")
    assert shell.run(rf"\s3cd s3://{bucket}/dir2", r"\s3cat e.csv") == "x"
    assert shell.run(rf"\s3cd s3://{bucket}/dir", r"\s3cat ../dir2/e.csv"
                     ) == "x"
    assert f"s3://{bucket}/dir/" in shell.run(
        rf"\s3cd s3://{bucket}/dir", r"\echo :S3_DIR")


def test_a_place_that_is_none_is_refused(shell, bucket):
    said = shell.run(r"\s3ls dir", fails=True)
    assert "not an s3:// URI" in said and r"\s3cd" in said
    shell.run(rf"\set at s3://{bucket}/in/", r"\s3ls :at/x/*.csv", fails=True)
    assert f"s3://{bucket}/in/x/*.csv" in shell.said
    said = shell.run(r"\s3ls :at", fails=True)
    assert r"the variable at is not set: \set at s3://" in said
    said = shell.run(r"\s3cd s3://no-such-bucket-here/", fails=True)
    assert "no such bucket" in said
    assert "no place" in shell.run(r"\s3pwd", fails=True)
    assert "no place" in shell.run(rf"\s3cd s3://{bucket}/dir", r"\s3cd",
                                   r"\s3pwd", fails=True)
    assert "before" in shell.run(r"\s3cd -", fails=True)
    assert "slash" in shell.run(r"\set S3_DIR s3://bucket/x", fails=True)
    shell.run(rf"\s3cd s3://{bucket}/nothing/yet")
    assert "nothing is below" in shell.said


# --- names that want to do harm ---

@pytest.mark.parametrize("key", AWKWARD)
def test_awkward_keys_are_taken_as_they_are(shell, boto, key):
    bucket = "awkward-keys"
    if bucket not in [b["Name"] for b in boto.list_buckets()["Buckets"]]:
        boto.create_bucket(Bucket=bucket)
    boto.put_object(Bucket=bucket, Key=key, Body=key.encode())
    uri = quoted(f"s3://{bucket}/{key}")
    assert shell.run(rf"\s3cat {uri}").encode() == key.encode()
    found = json.loads(shell.run(rf"\s3ls -R s3://{bucket}/",
                                 options=("-P", "format=json")))
    assert key in [row["name"] for row in found]
    assert shell.rows(rf"\s3stat {uri}")[1]["value"] == key
    shell.run(rf"\s3tree s3://{bucket}", rf"\s3du -d 3 s3://{bucket}",
              rf"\s3find s3://{bucket}")


# --- \s3head and \s3cat ---

def packed(data):
    """name -> the same bytes packed in all ways that are recognised."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("folder/", b"")
        out.writestr("folder/first.csv", data)
        out.writestr("second.csv", b"second\n")
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as out:
        out.writestr("only.csv", data)
    return {"plain": data, "gzip": gzip.compress(data),
            "bzip2": bz2.compress(data),
            "zstd": subprocess.run(["zstd", "-qc"], input=data,
                                   capture_output=True, check=True).stdout,
            "deflated.zip": archive.getvalue(),
            "stored.zip": stored.getvalue()}


@pytest.mark.parametrize("kind", ["plain", "gzip", "bzip2", "zstd",
                                  "deflated.zip", "stored.zip"])
def test_packed_objects_are_read_by_their_magic(shell, boto, bucket, kind):
    data = b"".join(b"%d,%d\n" % (i, i * i) for i in range(300_000))
    boto.put_object(Bucket=bucket, Key="data", Body=packed(data)[kind])
    uri = f"s3://{bucket}/data"
    assert shell.run(rf"\s3cat {uri}").encode() == data
    assert shell.run(rf"\s3head {uri} 2") == "0,0\n1,1\n"
    assert shell.run(rf"\s3head -c 5 {uri}") == "0,0\n1"
    assert shell.run(rf"\s3head -n 200000 {uri}").encode() == b"".join(
        data.splitlines(True)[:200000])


def test_a_member_of_an_archive_is_chosen(shell, boto, bucket):
    boto.put_object(Bucket=bucket, Key="x.zip",
                    Body=packed(b"one\n")["deflated.zip"])
    uri = f"s3://{bucket}/x.zip"
    assert shell.run(rf"\s3cat --member second.csv {uri}") == "second\n"
    assert shell.run(rf"\s3head {uri}") == "one\n"
    assert "folder/first.csv, one of 3" in shell.said
    said = shell.run(rf"\s3cat --member none {uri}", fails=True)
    assert "no none in" in said and "second.csv" in said
    said = shell.run(rf"\s3cat --member x s3://{bucket}/top.csv", fails=True)
    assert "no zip archive" in said
    raw = shell.run(rf"\o {shell.home}/raw", rf"\s3cat --raw {uri}")
    assert raw == "" and (shell.home / "raw").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("cut", [3, 30, 60, 200])
def test_a_damaged_archive_is_an_error(shell, boto, bucket, cut):
    body = packed(os.urandom(5000))["deflated.zip"]
    boto.put_object(Bucket=bucket, Key="cut.zip", Body=body[:-cut])
    said = shell.run(rf"\s3cat s3://{bucket}/cut.zip", fails=True)
    assert "zip" in said
    broken = bytearray(body)
    broken[400] ^= 1
    boto.put_object(Bucket=bucket, Key="bad.zip", Body=bytes(broken))
    assert "zip" in shell.run(rf"\s3cat s3://{bucket}/bad.zip", fails=True)


def test_several_objects_are_written_one_after_another(shell, bucket):
    assert shell.run(rf"\s3cat s3://{bucket}/dir2/e.csv "
                     rf"s3://{bucket}/dir/sub/*.json") == "x" * 8
    assert "nothing matches" in shell.run(
        rf"\s3cat s3://{bucket}/none*", fails=True)


# --- \s3cp and \s3mv ---

def test_objects_are_copied(shell, boto, bucket):
    base = f"s3://{bucket}"
    shell.run(rf"\s3cp {base}/top.csv {base}/copy.csv",
              rf"\s3cp {base}/dir/*.csv {base}/dir2/e.csv {base}/flat/",
              rf"\s3cp -r {base}/dir/sub {base}/deep/",
              rf"\s3cp -r {base}/dir/sub/ {base}/flat/")
    assert {key for key in keys(boto, bucket)
            if key.startswith(("copy", "flat", "deep"))} == {
        "copy.csv", "flat/a.csv", "flat/e.csv", "deep/sub/c.json",
        "deep/sub/deep/d.csv", "flat/c.json", "flat/deep/d.csv"}
    assert len(keys(boto, bucket)) == 13


def test_a_copy_is_what_the_options_say(shell, boto, bucket):
    boto.put_object(Bucket=bucket, Key="x", Body=b"x", ContentType="text/x",
                    Metadata={"a": "1"})
    base = f"s3://{bucket}"
    shell.run(rf"\s3cp --storage-class STANDARD_IA {base}/x {base}/y",
              rf"\s3cp --metadata b=2 --content-type text/y {base}/x {base}/z")
    kept = boto.head_object(Bucket=bucket, Key="y")
    assert kept["ContentType"] == "text/x" and kept["Metadata"] == {"a": "1"}
    assert kept["StorageClass"] == "STANDARD_IA"
    new = boto.head_object(Bucket=bucket, Key="z")
    assert new["ContentType"] == "text/y" and new["Metadata"] == {"b": "2"}
    said = shell.run(rf"\s3cp --no-clobber {base}/x {base}/z", fails=True)
    assert "there already" in said
    assert boto.head_object(Bucket=bucket, Key="z")["Metadata"] == {"b": "2"}


def test_a_large_object_is_copied_by_parts(shell, boto, bucket):
    body = os.urandom(12 << 20) + b"end"
    boto.put_object(Bucket=bucket, Key="large", Body=body,
                    ContentType="text/x", Metadata={"a": "1"})
    base = f"s3://{bucket}"
    shell.run(rf"\s3cp --part-size 5MiB {base}/large {base}/copy")
    copy = boto.get_object(Bucket=bucket, Key="copy")
    assert copy["Body"].read() == body and "-3" in copy["ETag"]
    assert copy["ContentType"] == "text/x" and copy["Metadata"] == {"a": "1"}
    shell.run(rf"\s3mv --part-size 5MiB {base}/copy {base}/moved")
    assert "copy" not in keys(boto, bucket)
    assert boto.head_object(Bucket=bucket, Key="moved")[
        "ContentLength"] == len(body)
    assert not boto.list_multipart_uploads(Bucket=bucket).get("Uploads")


def test_objects_are_moved(shell, boto, bucket):
    base = f"s3://{bucket}"
    before = keys(boto, bucket)
    shell.run(rf"\s3mv --dry-run -r {base}/dir/ {base}/new/")
    assert "would move" in shell.said and keys(boto, bucket) == before
    shell.run(rf"\s3mv -r {base}/dir/ {base}/new/")
    assert keys(boto, bucket) == ["dir2/e.csv", "new/a.csv", "new/b.csv.gz",
                                  "new/sub/c.json", "new/sub/deep/d.csv",
                                  "top.csv"]
    shell.run(rf"\s3cd {base}/new", r"\s3mv a.csv ../a.csv")
    assert "a.csv" in keys(boto, bucket)
    assert "new/a.csv" not in keys(boto, bucket)


@pytest.mark.parametrize("move", [
    r"\s3mv -r {0}/dir/ {0}/dir/sub/", r"\s3mv -r {0} {0}/dir/",
    r"\s3cp -r {0}/dir {0}/dir/again/", r"\s3mv {0}/top.csv {0}/top.csv",
    r"\s3cp {0}/top.csv {0}/", r"\s3cp -r {0}/dir {0}/key",
    r"\s3mv {0}/dir {0}/nothing", r"\s3mv {0}/dir/ {0}/new/"])
def test_a_move_that_would_lose_something_is_refused(shell, boto, bucket,
                                                     move):
    before = keys(boto, bucket)
    shell.run(move.format(f"s3://{bucket}"), fails=True)
    assert keys(boto, bucket) == before


def test_what_was_not_copied_is_not_removed(server, shell, boto, bucket):
    server.fault("add", "--op", "HeadObject", "status=403")
    try:
        shell.run(rf"\s3mv s3://{bucket}/dir/a.csv* s3://{bucket}/new/",
                  fails=True)
    finally:
        server.fault("clear")
    assert "dir/a.csv" in keys(boto, bucket)


def test_local_files_are_not_meant_by_a_copy(shell, bucket):
    said = shell.run(rf"\s3cp a.csv s3://{bucket}/", fails=True)
    assert r"\s3put a.csv" in said
    said = shell.run(rf"\s3cp s3://{bucket}/top.csv .", fails=True)
    assert r"\s3get" in said


# --- \s3rm, \s3rb, \s3mb ---

def test_removing_needs_yes_in_scripts(shell, boto, bucket):
    base = f"s3://{bucket}"
    before = keys(boto, bucket)
    for command in (rf"\s3rm {base}/top.csv", rf"\s3rm -r {base}/dir",
                    rf"\s3rb {base}", rf"\s3rb --force {base}"):
        assert "--yes" in shell.run(command, fails=True)
    assert keys(boto, bucket) == before


def test_objects_are_removed(shell, boto, bucket):
    base = f"s3://{bucket}"
    shell.run(rf"\s3rm --dry-run -r {base}/dir")
    assert shell.said.count("would remove s3://") == 4
    assert len(keys(boto, bucket)) == 6
    shell.run(rf"\s3rm --yes -r {base}/dir")
    assert shell.said.startswith("removed: 4 objects")
    assert keys(boto, bucket) == ["dir2/e.csv", "top.csv"]
    shell.run(rf"\s3rm --yes {base}/top.csv {base}/dir2/*")
    assert not keys(boto, bucket)
    assert "no such object" in shell.run(rf"\s3rm --yes {base}/top.csv",
                                         fails=True)


def test_many_objects_are_removed(shell, boto, bucket):
    for i in range(2345):
        boto.put_object(Bucket=bucket, Key=f"many/{i:05}\n<&", Body=b"")
    shell.run(rf"\s3rm -r --yes s3://{bucket}/many/")
    assert shell.said.startswith("removed: 2345 objects")
    assert len(keys(boto, bucket)) == 6


def test_awkward_keys_are_moved_and_removed(shell, boto, bucket):
    for key in AWKWARD:
        boto.put_object(Bucket=bucket, Key=f"odd/{key}", Body=key.encode())
    shell.run(rf"\s3mv -r s3://{bucket}/odd/ s3://{bucket}/even/")
    for key in AWKWARD:
        body = boto.get_object(Bucket=bucket, Key=f"even/{key}")["Body"]
        assert body.read() == key.encode()
    shell.run(*(rf"\s3rm --yes {quoted(f's3://{bucket}/even/{key}')}"
                for key in AWKWARD))
    assert len(keys(boto, bucket)) == 6


def test_versions_are_listed_and_removed(shell, boto, bucket):
    boto.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={
        "Status": "Enabled"})
    for text in ("one", "two", "three"):
        boto.put_object(Bucket=bucket, Key="v", Body=text.encode())
    shell.run(rf"\s3rm --yes s3://{bucket}/v")
    rows = shell.rows(rf"\s3ls --versions s3://{bucket}/v")
    assert [row["state"] for row in rows] == ["deleted"] + ["older"] * 3
    assert len({row["version"] for row in rows}) == 4
    properties = {row["property"]: row["value"] for row in shell.rows(
        rf"\s3stat --version-id {rows[1]['version']} s3://{bucket}/v")}
    assert properties["size"] == "5"
    assert properties["versions"] == "3, deleted 1 times"
    shell.run(rf"\s3rm --yes --versions s3://{bucket}/v")
    assert "removed: 4 versions" in shell.said
    assert "nothing matches" in shell.run(
        rf"\s3ls --versions s3://{bucket}/v", fails=True)


def test_a_bucket_goes_with_all_that_is_in_it(shell, boto, bucket):
    boto.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={
        "Status": "Enabled"})
    boto.put_object(Bucket=bucket, Key="top.csv", Body=b"new")
    said = shell.run(rf"\s3rb --yes s3://{bucket}", fails=True)
    assert r"\s3rb --force" in said
    shell.run(rf"\s3rb --force --dry-run s3://{bucket}")
    assert len(keys(boto, bucket)) == 6
    shell.run(rf"\s3rb --force --yes s3://{bucket}")
    assert bucket not in shell.names(r"\s3ls")


def test_a_bucket_is_made_in_a_region(shell):
    shell.run(r"\s3mb --dry-run s3://far-away-bucket")
    shell.run(r"\s3mb --region eu-west-1 s3://far-away-bucket")
    rows = {row["property"]: row["value"]
            for row in shell.rows(r"\s3stat s3://far-away-bucket")}
    assert rows["region"] == "eu-west-1"
    for command in (r"\s3mb s3://Far_Away", r"\s3mb s3://some-bucket/key",
                    r"\s3mb --region 'no where' s3://some-bucket"):
        shell.run(command, fails=True)


# --- \s3presign ---

def test_a_link_works_without_keys(shell, boto, bucket):
    link = shell.run(rf"\s3presign s3://{bucket}/dir/a.csv").strip()
    assert "\n" not in link and "X-Amz-Expires=3600" in link
    with urllib.request.urlopen(link) as reply:
        assert reply.read() == b"x" * 100
    link = shell.run(rf"\s3presign --put --expires 15min s3://{bucket}/n"
                     ).strip()
    urllib.request.urlopen(urllib.request.Request(
        link, data=b"sent", method="PUT", headers={"content-type": ""}))
    assert boto.get_object(Bucket=bucket, Key="n")["Body"].read() == b"sent"


@pytest.mark.parametrize("wrong", ["--expires 8d s3://bucket/key",
                                   "--expires 0s s3://bucket/key",
                                   "--expires soon s3://bucket/key",
                                   "s3://bucket", "key"])
def test_a_link_that_cannot_be_is_refused(shell, wrong):
    assert not shell.run(rf"\s3presign {wrong}", fails=True) == ""
