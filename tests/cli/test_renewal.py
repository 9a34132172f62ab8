"""Credentials that end while a large file is under way."""

import os
import subprocess

import pytest

from held_s3 import HeldS3

REDSH = os.path.abspath(os.environ["REDSH"])
MIB = 1 << 20
CONFIG = """
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = x
[profile role]
region = us-east-1
source_profile = base
role_arn = arn:aws:iam::1:role/r
"""


@pytest.fixture
def s3():
    running = HeldS3()
    yield running
    running.close()


@pytest.fixture
def start(s3, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(CONFIG)

    def run(*args):
        env = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": s3.url, "AWS_PROFILE": "role",
            **{name: os.environ[name]
               for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
               if name in os.environ},
        }
        return subprocess.Popen([REDSH, "-X", "--offline", *args],
                                cwd=tmp_path, env=env, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
    return run


def test_one_renewal_serves_all_parts_under_way(s3, start, tmp_path):
    body = os.urandom(40 * MIB)
    (tmp_path / "f").write_bytes(body)
    s3.hold("partNumber")
    process = start("-c", r"\s3put --part-size 5MiB f s3://bucket/f")
    s3.wait_held(8)
    s3.expire()
    s3.go_on()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert s3.objects["bucket/f"] == body
    assert len(s3.roles) == 2


def test_the_same_for_ranges_and_for_two_jobs_at_once(s3, start, tmp_path):
    body = os.urandom(40 * MIB)
    s3.objects["bucket/f"] = body
    (tmp_path / "g").write_bytes(body)
    s3.hold("PUT bucket/g.*partNumber")
    process = start()
    process.stdin.write("\\s3put --part-size 5MiB g s3://bucket/g &\n")
    process.stdin.flush()
    s3.wait_held(8)
    s3.expire()
    s3.go_on()
    _, said = process.communicate(
        "\\s3get --part-size 5MiB s3://bucket/f back &\n", timeout=120)
    assert process.returncode == 0, said
    assert s3.objects["bucket/g"] == body
    assert (tmp_path / "back").read_bytes() == body
    assert len(s3.roles) == 2


def test_a_role_that_is_taken_away_stops_and_can_be_gone_on_with(
        s3, start, tmp_path):
    body = os.urandom(20 * MIB)
    (tmp_path / "f").write_bytes(body)
    s3.hold("partNumber=[34]")
    process = start("-c", r"\s3put --part-size 5MiB f s3://bucket/f")
    s3.wait_held(2)
    for part in (1, 2):
        s3.wait_part(part)
    s3.expire()
    s3.refuse_roles = True
    s3.go_on()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "AccessDenied" in said or "access denied" in said
    assert "bucket/f" not in s3.objects
    s3.refuse_roles = False
    del s3.seen[:]
    process = start("-c", r"\s3put --part-size 5MiB f s3://bucket/f")
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert s3.objects["bucket/f"] == body
    sent = [name for name in s3.seen if "partNumber" in name]
    assert not [name for name in sent
                if "partNumber=1&" in name or "partNumber=2&" in name]
