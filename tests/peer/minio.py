"""MinIO of our own on loopback, with or without TLS, run by an account without
rights. tests/peer/run builds it from its Go module where that can be had."""

import os
import pathlib
import pwd
import shutil
import ssl
import subprocess
import time
import urllib.request

from radosgw import free_port

KEY, SECRET = "judgeminio", "judged/by+MinIO/secret+key"
SECONDS = 60
TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def program():
    """The program's path, or None."""
    named = os.environ.get("MINIO", str(TOP / "build/peer/bin/minio"))
    return named if os.access(named, os.X_OK) else shutil.which("minio")


class Minio:
    """url, key and secret of the running server; with certificate and key
    files it speaks TLS. The folder must be below one that other accounts may
    enter, the program too."""

    def __init__(self, folder, certificate=None, private=None, ca=None):
        self.dir = pathlib.Path(folder)
        self.key, self.secret, self.ca = KEY, SECRET, ca
        self.port = free_port()
        self.url = (f"{'https' if certificate else 'http'}://127.0.0.1:"
                    f"{self.port}")
        user = pwd.getpwnam("nobody").pw_name if os.getuid() == 0 else None
        for part in ("data", "certs"):
            (self.dir / part).mkdir()
        if certificate:
            shutil.copy(certificate, self.dir / "certs" / "public.crt")
            shutil.copy(private, self.dir / "certs" / "private.key")
        # another account cannot enter the folder that it was built in
        shutil.copy(program(), self.dir / "minio")
        if user:
            for path in (self.dir, *self.dir.rglob("*")):
                shutil.chown(path, user)
        with open(self.dir / "log", "wb") as log:
            self.child = subprocess.Popen(
                [self.dir / "minio", "server", "--quiet", "--certs-dir",
                 self.dir / "certs", "--address", f"127.0.0.1:{self.port}",
                 "--console-address", f"127.0.0.1:{free_port()}",
                 self.dir / "data"],
                env={"HOME": str(self.dir), "PATH": "/usr/bin:/bin",
                     "MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": SECRET,
                     "MINIO_BROWSER": "off", "MINIO_UPDATE": "off",
                     "CI": "true", "MINIO_CI_CD": "1"},
                user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        end = time.monotonic() + SECONDS
        while not self.answers():
            if self.child.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError("MinIO does not come up: "
                                   + (self.dir / "log").read_text()[-2000:])
            time.sleep(0.1)

    def answers(self):
        context = (ssl.create_default_context(cafile=str(self.ca))
                   if self.ca else None)
        try:
            with urllib.request.urlopen(self.url + "/minio/health/ready",
                                        timeout=5, context=context) as got:
                return got.status == 200
        except OSError:
            return False

    def stop(self):
        self.child.terminate()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
