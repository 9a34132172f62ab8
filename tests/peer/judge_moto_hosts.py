"""moto behind AWS's real host names, over TLS by a CA of our own: a proxy
answers CONNECT for any host and leads to moto, so that what redsh builds
(virtual-hosted buckets, regions, access points, partitions) goes out as it
would go to AWS. moto tells buckets by their hosts."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.request

import boto3
import pytest
from botocore.client import Config
from judging import Judge, certify, loud_skip, scratch
from radosgw import free_port

PYTHON = os.environ.get("PEER_PYTHON", "python3")
PLACES = [("us-east-1", "amazonaws.com"), ("us-west-2", "amazonaws.com"),
          ("eu-central-1", "amazonaws.com"),
          ("us-gov-west-1", "amazonaws.com"),
          ("cn-north-1", "amazonaws.com.cn")]
HOSTS = [host for region, suffix in PLACES for host in (
    f"s3.{region}.{suffix}", f"*.s3.{region}.{suffix}",
    f"s3.dualstack.{region}.{suffix}", f"*.s3.dualstack.{region}.{suffix}",
    f"s3-fips.{region}.{suffix}", f"*.s3-fips.{region}.{suffix}",
    f"*.s3-accesspoint.{region}.{suffix}", f"sts.{region}.{suffix}",
    f"*.s3-control.{region}.{suffix}")]
HOSTS += ["s3.amazonaws.com", "*.s3.amazonaws.com"]     # boto3's us-east-1

if subprocess.run([PYTHON, "-c", "import moto.server"], capture_output=True,
                  check=False).returncode != 0:
    loud_skip("moto is not installed: redsh is NOT tested with AWS's real host "
              "names")


class Doorman(threading.Thread):
    """A proxy: whatever host is asked for, it is moto."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target, self.hosts = port, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,),
                             daemon=True).start()

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(4096)
            if not more:
                return
            head += more
        asked = re.match(rb"CONNECT ([^ :]+):443 ", head)
        if not asked:       # nobody may speak plainly
            client.sendall(b"HTTP/1.1 403 Plain\r\nContent-Length: 0\r\n\r\n")
            client.close()
            return
        self.hosts.append(asked[1].decode())
        server = socket.create_connection(("127.0.0.1", self.target))
        client.sendall(b"HTTP/1.1 200 Yes\r\n\r\n")
        for pair in ((client, server), (server, client)):
            threading.Thread(target=self.pump, args=pair, daemon=True).start()

    @staticmethod
    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Moto(Judge):
    def env(self, **more):
        env = super().env()
        del env["AWS_ENDPOINT_URL"]
        env["HTTPS_PROXY"] = env["HTTP_PROXY"] = self.door.url
        env.update({name: str(value) for name, value in more.items()})
        return env

    def asked(self, *lines, **env):
        """What redsh wrote, and the hosts it asked."""
        del self.door.hosts[:]
        out = self.good(*lines, **env)
        return out, set(self.door.hosts)

    def client(self, region="us-east-1"):
        return boto3.client(
            "s3", region_name=region, aws_access_key_id="a",
            aws_secret_access_key="b", verify=str(self.ca),
            config=Config(proxies={"https": self.door.url},
                          s3={"addressing_style": "virtual"}))


@pytest.fixture(scope="module")
def moto():
    folder = scratch()
    (folder / "redsh").mkdir()
    ca, certificate, key = certify(
        folder, ["IP:127.0.0.1"] + ["DNS:" + host for host in HOSTS])
    port = free_port()
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [PYTHON, "-c", "from moto.server import main; main()", "-H",
             "127.0.0.1", "-p", str(port), "-s", "-c", str(certificate), "-k",
             str(key)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    context = ssl.create_default_context(cafile=str(ca))
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"https://127.0.0.1:{port}/moto-api/",
                                   context=context, timeout=5).close()
            break
        except OSError:
            assert server.poll() is None and time.monotonic() < end, (
                folder / "log").read_text()
            time.sleep(0.1)
    moto = Moto("https://127.0.0.1", "AKIAMOTOMOTOMOTO", "moto/secret",
                folder / "redsh", ca)
    moto.door = Doorman(port)
    yield moto
    moto.door.listener.close()
    server.terminate()
    server.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("region, suffix", PLACES)
def test_a_bucket_is_a_host_of_its_region(moto, region, suffix):
    bucket = f"hosted-{region}"
    moto.file(b"in " + region.encode(), "x")
    _, hosts = moto.asked(f"\\s3mb s3://{bucket}",
                          f"\\s3put x s3://{bucket}/a/b",
                          f"\\s3get s3://{bucket}/a/b back",
                          AWS_REGION=region)
    assert (moto.folder / "back").read_bytes() == b"in " + region.encode()
    assert f"{bucket}.s3.{region}.{suffix}" in hosts
    assert hosts <= {f"{bucket}.s3.{region}.{suffix}",
                     f"s3.{region}.{suffix}"}
    out, hosts = moto.asked(f"\\s3ls -R s3://{bucket}", AWS_REGION=region)
    assert out.startswith("a/b,")
    assert hosts == {f"{bucket}.s3.{region}.{suffix}"}
    shown = moto.good(f"\\s3stat s3://{bucket}", AWS_REGION=region)
    assert f"region,{region}" in shown or region == "us-east-1"


def test_another_client_sees_the_same(moto):
    moto.good("\\s3mb s3://seen-by-both")
    moto.client().put_object(Bucket="seen-by-both", Key="b o/t+o%2B",
                             Body=b"from boto3")
    assert moto.good("\\s3cat 's3://seen-by-both/b o/t+o%2B'") == "from boto3"
    moto.file(b"from redsh", "x")
    moto.good("\\s3put x 's3://seen-by-both/r e+d'")
    got = moto.client().get_object(Bucket="seen-by-both", Key="r e+d")
    assert got["Body"].read() == b"from redsh"


def test_dots_go_into_the_path(moto):
    """The certificate's star stands for one label."""
    moto.file(b"dotted", "x")
    _, hosts = moto.asked("\\s3mb s3://with.dots.in",
                          "\\s3put x s3://with.dots.in/k",
                          "\\s3get s3://with.dots.in/k back")
    assert (moto.folder / "back").read_bytes() == b"dotted"
    assert hosts == {"s3.us-east-1.amazonaws.com"}


@pytest.mark.parametrize("switches, host", [
    ({"AWS_USE_DUALSTACK_ENDPOINT": "true"}, "s3.dualstack"),
    ({"AWS_USE_FIPS_ENDPOINT": "true"}, "s3-fips"),
])
def test_other_ways_in(moto, switches, host):
    moto.good("\\s3mb s3://other-ways")
    _, hosts = moto.asked("\\s3ls s3://other-ways", **switches)
    assert hosts == {f"other-ways.{host}.us-east-1.amazonaws.com"}


def test_an_access_point_is_a_host_of_its_own(moto):
    moto.client("us-west-2").create_bucket(
        Bucket="behind-finance", CreateBucketConfiguration={
            "LocationConstraint": "us-west-2"})
    boto3.client(
        "s3control", region_name="us-west-2", aws_access_key_id="a",
        aws_secret_access_key="b", verify=str(moto.ca),
        config=Config(proxies={"https": moto.door.url})).create_access_point(
            AccountId="123456789012", Name="finance", Bucket="behind-finance")
    uri = "s3://arn:aws:s3:us-west-2:123456789012:accesspoint/finance"
    moto.file(b"by the access point", "x")
    out, hosts = moto.asked(f"\\s3put x {uri}/in/x", f"\\s3ls -R {uri}/in/",
                            f"\\s3get {uri}/in/x back")
    assert "x,19," in out
    assert (moto.folder / "back").read_bytes() == b"by the access point"
    assert hosts == {
        "finance-123456789012.s3-accesspoint.us-west-2.amazonaws.com"}
    got = moto.client("us-west-2").get_object(Bucket="behind-finance",
                                              Key="in/x")
    assert got["Body"].read() == b"by the access point"


def test_parts_through_tls(moto):
    data = os.urandom((16 << 20) + 5)
    moto.file(data, "large")
    moto.good("\\s3mb s3://in-parts", "\\s3put large s3://in-parts/large",
              "\\s3get s3://in-parts/large back")
    assert (moto.folder / "back").read_bytes() == data


def test_a_certificate_for_other_hosts_is_refused(moto):
    """mx-central-1 is a region, but none of the certificate's."""
    err = moto.bad("\\s3ls s3://seen-by-both", AWS_REGION="mx-central-1")
    assert "certificate" in err, err


def test_without_our_ca_nobody_is_trusted(moto):
    err = moto.bad("\\s3ls s3://seen-by-both",
                   AWS_CA_BUNDLE="/etc/ssl/certs/ca-certificates.crt")
    assert "certificate" in err, err
