"""PGSSLMODE, PGSSLROOTCERT, PGSSLCERT and PGSSLKEY reach the connection: a
server that wants a client's certificate is met with and without them.
"""

import os
import shutil
import socket
import subprocess

import pytest

from private_postgres import Server

REDSH = os.path.abspath(os.environ["REDSH"])


def openssl(folder, *args):
    subprocess.run(["openssl", *args], cwd=folder, check=True,
                   capture_output=True)


def make_certificates(folder):
    """ca.crt; server.crt for 127.0.0.1 and client.crt for tester, by it;
    other.crt, of which nobody knows."""
    for name in ("ca", "other"):
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                name + ".key", "-out", name + ".crt", "-days", "2",
                "-subj", "/CN=" + name)
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for name, subject in (("server", "127.0.0.1"), ("client", "tester")):
        openssl(folder, "req", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                name + ".key", "-out", name + ".csr", "-subj",
                "/CN=" + subject)
        openssl(folder, "x509", "-req", "-in", name + ".csr", "-CA",
                "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                "2", "-out", name + ".crt", "-extfile", "names")
        (folder / (name + ".key")).chmod(0o600)


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """A folder of certificates and the port that wants one of them."""
    folder = tmp_path_factory.mktemp("certificates")
    make_certificates(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server()
    data = server.dir / "data"
    for name in ("server.crt", "server.key", "ca.crt"):
        shutil.copy(folder / name, data / name)
        (data / name).chmod(0o600)
        if server.user:
            shutil.chown(data / name, server.user)
    (data / "pg_hba.conf").write_text(
        "hostssl all all 127.0.0.1/32 cert\n")
    server.call("pg_ctl", "-D", data, "-w", "-l", server.dir / "log", "-o",
                f"-k {server.dir} -c listen_addresses=127.0.0.1 -p {port} "
                "-c ssl=on -c ssl_ca_file=ca.crt -F", "restart")
    yield folder, port
    server.stop()


@pytest.fixture
def connect(door, tmp_path):
    folder, port = door

    def run(**names):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8", "PGHOST": "127.0.0.1", "PGPORT": str(port),
            "PGUSER": "tester", "PGDATABASE": "postgres",
            **{name: os.environ[name]
               for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
               if name in os.environ},
            **{name: text if name == "PGSSLMODE" else str(folder / text)
               for name, text in names.items()},
        }
        return subprocess.run([REDSH, "-X", "-c", r"\conninfo"],
                              env=environment, capture_output=True,
                              text=True, timeout=60, check=False)
    return run


CLIENT = {"PGSSLCERT": "client.crt", "PGSSLKEY": "client.key"}


def test_all_four_open_the_door(connect):
    done = connect(PGSSLMODE="verify-full", PGSSLROOTCERT="ca.crt", **CLIENT)
    assert done.stderr == ""
    assert "SSL connection (protocol: TLS" in done.stdout


def test_without_a_certificate_of_ours_it_is_shut(connect):
    done = connect(PGSSLMODE="verify-full", PGSSLROOTCERT="ca.crt")
    assert done.returncode != 0 or "not connected" in done.stdout
    assert "certificate" in done.stderr


def test_another_root_refuses_the_server(connect):
    done = connect(PGSSLMODE="verify-ca", PGSSLROOTCERT="other.crt", **CLIENT)
    assert "certificate verify failed" in done.stderr


def test_a_key_that_is_not_there_is_named(connect):
    done = connect(PGSSLMODE="require", PGSSLCERT="client.crt",
                   PGSSLKEY="nosuch.key")
    assert "nosuch.key" in done.stderr


def test_without_tls_the_server_knows_no_such_host(connect):
    done = connect(PGSSLMODE="disable")
    assert "no pg_hba.conf entry" in done.stderr
