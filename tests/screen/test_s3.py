"""The \\s3 commands at a terminal: questions, Tab below \\s3cd's folder, bytes
that a terminal would obey, and long listings."""

import os
import sys

import boto3
import pytest
from botocore.client import Config

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))

from s3_server import S3Server          # noqa: E402
from terminal import CTRL_C, REDSH, TAB, Terminal, environment   # noqa: E402

PROMPT = r"^offline=> ?$"


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
def bucket(boto, request):
    name = request.node.name.replace("_", "-")[-50:].strip("-")
    boto.create_bucket(Bucket=name)
    for key in ("top.csv", "dir/one.csv", "dir/two words.csv"):
        boto.put_object(Bucket=name, Key=key, Body=b"x,y\n")
    return name


@pytest.fixture
def term(server, tmp_path):
    env = environment(tmp_path, **server.env)
    with Terminal([REDSH, "-X", "--offline"], env, columns=100,
                  cwd=tmp_path) as running:
        running.wait_for_prompt(PROMPT)
        yield running


def keys(boto, bucket):
    return [item["Key"] for item in boto.list_objects_v2(Bucket=bucket).get(
        "Contents", [])]


def test_removing_asks_and_no_is_no(term, boto, bucket):
    term.line(rf"\s3rm s3://{bucket}/top.csv")
    term.wait_for(f"Remove s3://{bucket}/top.csv?")
    term.line("n")
    term.wait_for_prompt(PROMPT)
    assert len(keys(boto, bucket)) == 3
    term.line(rf"\s3rm -r s3://{bucket}/dir/")
    term.wait_for(f"Remove 2 objects (8 B) at s3://{bucket}/dir/?")
    term.line("y")
    term.wait_for("removed: 2 objects")
    assert keys(boto, bucket) == ["top.csv"]


def test_a_question_can_be_left(term, boto, bucket):
    term.line(rf"\s3rb --force s3://{bucket}")
    term.wait_for(f"Remove the bucket s3://{bucket} and the 3 versions")
    term.send(CTRL_C)
    term.wait_for_prompt(PROMPT)
    assert len(keys(boto, bucket)) == 3


def test_tab_goes_below_the_folder_that_was_chosen(term, bucket):
    term.line(rf"\s3cd s3://{bucket}/dir")
    term.line(r"\s3pwd")
    term.wait_for_pattern(rf"^s3://{bucket}/dir/$")
    term.wait_for_prompt(PROMPT)
    # One Tab: it is tried again by itself when the names have come.
    term.send("\\s3cat on")
    term.send(TAB)
    term.wait_for_line(r"offline=> \s3cat one.csv")
    term.send("\r")
    term.wait_for("x,y")
    term.wait_for_prompt(PROMPT)
    term.send("\\s3cat tw" + TAB)
    term.wait_for_line(r"offline=> \s3cat 'two words.csv'")


def test_the_prompt_can_show_the_folder(term, bucket):
    term.line(r"\set PROMPT1 '%:S3_DIR:> '")
    term.line(rf"\s3cd s3://{bucket}/dir")
    term.wait_for_prompt(rf"^s3://{bucket}/dir/> ?$")
    term.line(r"\s3cd ..")
    term.wait_for_prompt(rf"^s3://{bucket}/> ?$")


def test_an_object_cannot_paint_the_screen(term, boto, bucket):
    boto.put_object(Bucket=bucket, Key="evil",
                    Body=b"a\x1b[2Jb\x1b]0;pwned\x07\x9b31mc\n")
    for command in ("s3cat", "s3head"):
        term.line(rf"\{command} s3://{bucket}/evil")
        term.wait_for(r"a\x1B[2Jb\x1B]0;pwned\x07\x9B31mc")
        term.wait_for_prompt(PROMPT)


def test_a_long_listing_begins_before_its_end(term, server, boto, bucket):
    for i in range(1200):
        boto.put_object(Bucket=bucket, Key=f"many/{i:05}", Body=b"")
    term.line(r"\pset pager off")
    # The second page hangs: the first is seen all the same.
    server.fault("add", "--op", "ListObjectsV2", "--skip", "1", "stall-reply=0")
    try:
        term.line(rf"\s3ls s3://{bucket}/many/")
        term.wait_for("00999")
        term.send(CTRL_C)
        term.wait_for_prompt(PROMPT)
    finally:
        server.fault("clear")
