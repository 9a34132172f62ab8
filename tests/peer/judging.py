"""What the tests with another S3 as judge share: redsh and Debian's boto3 on
the same server, in a HOME of their own."""

import os
import pathlib
import subprocess
import sys
import tempfile

import boto3
import pytest
from botocore.client import Config
from botocore.exceptions import ClientError

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

REDSH = os.environ.get("REDSH", "./redsh")
SHARE = os.environ.get("REDSH_SHARE", str(HERE.parent.parent / "share"))
SECONDS = 120
PART = 8 << 20


def loud_skip(why):
    print(f"# SKIPPED LOUDLY: {why}", flush=True)
    pytest.skip(why, allow_module_level=True)


class Judge:
    """An S3 that is not ours. url, key and secret are of its owner; ca: the
    file of the certificate that its TLS is signed by, or None."""

    def __init__(self, url, key, secret, folder, ca=None):
        self.url, self.key, self.secret, self.ca = url, key, secret, ca
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir()
        self.count = 0

    def env(self, **more):
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.home),
               "LC_ALL": "C.UTF-8", "REDSH_SHARE": SHARE,
               "AWS_ENDPOINT_URL": self.url, "AWS_REGION": "us-east-1",
               "AWS_ACCESS_KEY_ID": self.key,
               "AWS_SECRET_ACCESS_KEY": self.secret,
               "AWS_EC2_METADATA_DISABLED": "true"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        if self.ca:
            env["AWS_CA_BUNDLE"] = str(self.ca)
        env.update({name: str(value) for name, value in more.items()})
        return env

    def start(self, *lines, **env):
        """redsh at these lines, still running."""
        child = subprocess.Popen(
            [REDSH, "-X", "--offline", "--no-cache", "--csv", "-t", "-v",
             "ON_ERROR_STOP=1"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=self.folder, env=self.env(**env))
        child.stdin.write("\n".join([*lines, ""]).encode())
        child.stdin.close()
        child.stdin = None
        return child

    def run(self, *lines, **env):
        """(status, output, errors), of bytes that are text."""
        child = self.start(*lines, **env)
        out, err = child.communicate(timeout=SECONDS)
        assert b"Sanitizer" not in err, err.decode()
        return (child.returncode, out.decode("utf-8", "surrogateescape"),
                err.decode("utf-8", "surrogateescape"))

    def good(self, *lines, **env):
        status, out, err = self.run(*lines, **env)
        assert status == 0, err
        return out

    def bad(self, *lines, **env):
        status, out, err = self.run(*lines, **env)
        assert status != 0, out + err
        return err

    def boto(self, **more):
        args = {"endpoint_url": self.url, "region_name": "us-east-1",
                "aws_access_key_id": self.key,
                "aws_secret_access_key": self.secret,
                "config": Config(s3={"addressing_style": "path"},
                                 signature_version="s3v4",
                                 retries={"max_attempts": 2})}
        if self.ca:
            args["verify"] = str(self.ca)
        args.update(more)
        return boto3.client("s3", **args)

    def bucket(self):
        """A new one."""
        self.count += 1
        name = f"judged-{self.count}"
        self.good(f"\\s3mb s3://{name}")
        return name

    def file(self, data, name="file"):
        """Writes a file that redsh can name without its folder."""
        (self.folder / name).write_bytes(data)
        return name

    def got(self, bucket, key):
        return self.boto().get_object(Bucket=bucket, Key=key)["Body"].read()

    def keys(self, bucket, **more):
        pages = self.boto().get_paginator("list_objects_v2").paginate(
            Bucket=bucket, **more)
        return [one["Key"] for page in pages
                for one in page.get("Contents", [])]

    def has(self, bucket, key):
        try:
            self.boto().head_object(Bucket=bucket, Key=key)
            return True
        except ClientError:
            return False


def word(text):
    """A word of a command, taken as it is."""
    for char, written in (("\\", "\\\\"), ("'", "''"), ("\n", "\\n"),
                          ("\t", "\\t"), ("\x01", "\\x01")):
        text = text.replace(char, written)
    return f"'{text}'"


def scratch():
    """A folder that other accounts may enter."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="judge", dir="/tmp"))
    folder.chmod(0o711)
    return folder


def openssl(*args):
    subprocess.run(["openssl", *map(str, args)], check=True,
                   capture_output=True)


def certify(folder, names):
    """(CA, certificate, key): files; names: as subjectAltName has them."""
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    key, asked = folder / "server.key", folder / "server.csr"
    mine = folder / "server.pem"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes")
    openssl("req", "-x509", *curve, "-keyout", ca_key, "-out", ca, "-days",
            "2", "-subj", "/CN=judge CA")
    openssl("req", *curve, "-keyout", key, "-out", asked, "-subj",
            "/CN=judge")
    (folder / "names").write_text("subjectAltName=" + ",".join(names))
    openssl("x509", "-req", "-in", asked, "-CA", ca, "-CAkey", ca_key,
            "-CAcreateserial", "-days", "2", "-extfile", folder / "names",
            "-out", mine)
    return ca, mine, key
