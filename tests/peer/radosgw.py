"""Ceph's object gateway of our own: one monitor, one store in memory, one
gateway on loopback, run by an account without rights. It checks signatures,
times and digests as S3 does, and nobody of this project wrote it.

As a program: radosgw.py DIR starts one, prints its address, and serves until
its standard input ends."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

PROGRAMS = ["ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool",
            "radosgw", "radosgw-admin"]
KEY, SECRET = "AKIAJUDGEDBYCEPH", "judged/by+Ceph/secret+key"
SECONDS = 120

CONF = """\
[global]
fsid = {fsid}
mon_host = {monitor}
keyring = {dir}/keyring
auth_allow_insecure_global_id_reclaim = true
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 2147483648
mon_allow_pool_size_one = true
mon_data_avail_warn = 1
mon_data_avail_crit = 1
mon_data = {dir}/mon
osd_data = {dir}/osd
run_dir = {dir}
log_file = {dir}/$name.log
pid_file = {dir}/$name.pid
admin_socket = {dir}/$name.asok
crash_dir = {dir}
rgw_frontends = beast endpoint=127.0.0.1:{port}
rgw_dns_name = 127.0.0.1
"""
CAPS = [("mon.", ["mon", "allow *"]),
        ("client.admin", ["mon", "allow *", "osd", "allow *", "mgr",
                          "allow *"]),
        ("osd.0", ["mon", "allow profile osd", "osd", "allow *"]),
        ("client.rgw", ["mon", "allow rw", "osd", "allow rwx"])]


def missing():
    """The program that is not on this machine, or None."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return next((name for name in PROGRAMS
                 if shutil.which(name, path=path) is None), None)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Radosgw:
    """url, key and secret of the running gateway; the folder must be below
    one that other accounts may enter."""

    def __init__(self, folder):
        self.dir = pathlib.Path(folder)
        self.key, self.secret = KEY, SECRET
        self.user = (pwd.getpwnam("nobody").pw_name if os.getuid() == 0
                     else None)
        self.children = []
        for part in ("mon", "osd"):
            (self.dir / part).mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        monitor = (f"[v2:127.0.0.1:{free_port()},"
                   f"v1:127.0.0.1:{free_port()}]")
        fsid = str(uuid.uuid4())
        (self.dir / "ceph.conf").write_text(CONF.format(
            fsid=fsid, monitor=monitor, dir=self.dir, port=self.port))
        if self.user:
            for path in (self.dir, self.dir / "mon", self.dir / "osd",
                         self.dir / "ceph.conf"):
                shutil.chown(path, self.user)
        try:
            self.start(fsid, monitor)
        except BaseException:
            self.stop()
            raise

    def call(self, *args):
        done = subprocess.run(
            [*map(str, args)], env=self.env(), user=self.user, cwd="/",
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=SECONDS, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{args}: {done.stderr}")
        return done.stdout

    def env(self):
        return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
                "CEPH_CONF": str(self.dir / "ceph.conf"), "HOME": "/"}

    def serve(self, *args):
        with open(self.dir / "output", "ab") as log:
            self.children.append(subprocess.Popen(
                [*args, "-f"], env=self.env(), user=self.user, cwd="/",
                stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def until(self, what, check):
        end = time.monotonic() + SECONDS
        while not check():
            gone = [one for one in self.children if one.poll() is not None]
            if gone or time.monotonic() > end:
                raise RuntimeError(
                    f"{what} does not come up: "
                    + (self.dir / "output").read_text()[-2000:])
            time.sleep(0.1)

    def start(self, fsid, monitor):
        keyring, map_ = self.dir / "keyring", self.dir / "monmap"
        for at, (name, caps) in enumerate(CAPS):
            words = [word for pair in zip(caps[::2], caps[1::2])
                     for word in ("--cap", *pair)]
            self.call("ceph-authtool", *(["-C"] if at == 0 else []), keyring,
                      "-g", "-n", name, *words)
        self.call("monmaptool", "--create", "--fsid", fsid, "--addv", "a",
                  monitor, map_)
        self.call("ceph-mon", "-i", "a", "--mkfs", "--monmap", map_,
                  "--keyring", keyring)
        self.serve("ceph-mon", "-i", "a")
        osd = str(uuid.uuid4())
        self.call("ceph", "osd", "new", osd)
        self.call("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        self.serve("ceph-osd", "-i", "0")
        self.until("the store", lambda: "1 up" in self.call(
            "ceph", "osd", "stat"))
        self.serve("radosgw", "-n", "client.rgw")
        self.until("the gateway", self.answers)
        self.add_user("judge", self.key, self.secret)

    def answers(self):
        try:
            with urllib.request.urlopen(self.url, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def add_user(self, name, key, secret):
        self.call("radosgw-admin", "-n", "client.rgw", "user", "create",
                  f"--uid={name}", f"--display-name={name}",
                  f"--access-key={key}", f"--secret-key={secret}")

    def stop(self):
        for child in reversed(self.children):
            child.terminate()
        for child in reversed(self.children):
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.children = []


if __name__ == "__main__":
    gateway = Radosgw(sys.argv[1])
    print(gateway.url, gateway.key, gateway.secret, flush=True)
    sys.stdin.read()
    gateway.stop()
