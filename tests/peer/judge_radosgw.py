"""Ceph's radosgw as judge of redsh's S3: see judge_tests.py."""

import shutil

import pytest

pytest.register_assert_rewrite("judge_tests")

import radosgw                                          # noqa: E402
from judge_tests import *                               # noqa: E402,F403
from judging import Judge, loud_skip, scratch           # noqa: E402

if radosgw.missing():
    loud_skip(f"{radosgw.missing()} is not on this machine (packages radosgw, "
              "ceph-mon, ceph-osd): redsh is NOT judged by Ceph")


@pytest.fixture(scope="module")
def judge():
    folder = scratch()
    (folder / "ceph").mkdir()
    (folder / "redsh").mkdir()
    gateway = radosgw.Radosgw(folder / "ceph")
    try:
        yield Judge(gateway.url, gateway.key, gateway.secret,
                    folder / "redsh")
    finally:
        gateway.stop()
        shutil.rmtree(folder, ignore_errors=True)
