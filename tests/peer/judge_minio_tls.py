"""MinIO as judge of redsh's S3, over TLS by a CA of our own: the tests of
judge_tests.py that need nobody between the two, and the right time: a clock
that is off finds the certificate not valid yet."""

import inspect
import shutil

import pytest

pytest.register_assert_rewrite("judge_tests")

import judge_tests                                      # noqa: E402
import minio                                            # noqa: E402
from judging import Judge, certify, loud_skip, scratch  # noqa: E402

if minio.program() is None:
    loud_skip("MinIO is not on this machine and cannot be built: redsh is NOT "
              "judged by it over TLS")

globals().update({
    name: one for name, one in vars(judge_tests).items()
    if name.startswith("test_") and name !=
    "test_keys_that_are_no_names_of_files" and
    not {"relay", "shifted"} & set(inspect.signature(one).parameters)})


@pytest.fixture(scope="module")
def judge():
    folder = scratch()
    for part in ("minio", "redsh", "tls"):
        (folder / part).mkdir()
    ca, certificate, key = certify(folder / "tls", ["IP:127.0.0.1"])
    server = minio.Minio(folder / "minio", certificate, key, ca)
    try:
        yield Judge(server.url, server.key, server.secret, folder / "redsh",
                    ca)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_server_that_our_ca_does_not_know_is_refused(judge):
    err = judge.bad("\\s3ls",
                    AWS_CA_BUNDLE="/etc/ssl/certs/ca-certificates.crt")
    assert "certificate" in err, err
