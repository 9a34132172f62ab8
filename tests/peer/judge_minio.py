"""MinIO as judge of redsh's S3, over plain HTTP: see judge_tests.py."""

import shutil

import pytest

pytest.register_assert_rewrite("judge_tests")

import minio                                            # noqa: E402
from judge_tests import *                               # noqa: E402,F403
from judging import Judge, loud_skip, scratch           # noqa: E402

del test_keys_that_are_no_names_of_files        # noqa: F821; it keeps files

if minio.program() is None:
    loud_skip("MinIO is not on this machine and cannot be built: redsh is NOT "
              "judged by it")


@pytest.fixture(scope="module")
def judge():
    folder = scratch()
    for part in ("minio", "redsh"):
        (folder / part).mkdir()
    server = minio.Minio(folder / "minio")
    try:
        yield Judge(server.url, server.key, server.secret, folder / "redsh")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
