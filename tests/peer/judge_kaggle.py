"""Kaggle's own command line client as judge of the sandbox's Kaggle.

It has no option for another address, so a few lines in front of its main put
one into the table of addresses of its library.
"""

import os
import pathlib
import subprocess
import sys

import pytest

from judging import HERE, loud_skip

sys.path.insert(0, str(HERE.parent / "cli"))

from sandbox_kaggle import KaggleServer  # noqa: E402

PYTHON = os.environ.get("PEER_PYTHON", "python3")
MAIN = """
import os, sys
from kagglesdk import kaggle_env
table = kaggle_env._env_to_endpoint
table[kaggle_env.KaggleEnv.PROD] = os.environ["KAGGLE_API_ENDPOINT"]
sys.argv[0] = "kaggle"
from kaggle.cli import main
main()
"""

if subprocess.run([PYTHON, "-c", "import kagglesdk.kaggle_env, six"],
                  capture_output=True, check=False).returncode:
    loud_skip("kaggle is not installed: the sandbox's Kaggle is NOT judged by "
              "Kaggle's own client")


@pytest.fixture(scope="module", name="server")
def make_server(tmp_path_factory):
    server = KaggleServer()
    root = tmp_path_factory.mktemp("files")
    server.files = {
        "a.csv": b"a\n1\n", "deep/er/b.csv": b"b\n2\n",
        "with blank.csv": b"c\n4\n",
        "\u00fcber.csv": "\u00fc\n3\n".encode(),
        "long.csv": b"".join(b"%d,%d\n" % (i, i * i) for i in range(300000)),
        "packed.csv.gz": b"\x1f\x8b\x08\0" + os.urandom(3 << 20)}
    for i in range(30):
        server.files[f"many/{i:02}.csv"] = b"%d\n" % i
    for name, data in server.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    server.kaggle("add", "ann/files", str(root), "--title", "Files of Ann")
    server.kaggle("add", "ann/terms", str(root / "a.csv"), "--refuse",
                  "terms")
    yield server
    server.stop()


@pytest.fixture(name="kaggle")
def make_client(server, tmp_path):
    """kaggle datasets ...; what it printed. By user and key, or a token."""
    def kaggle(*words, token=False, fails=False, **changes):
        keep = ["KAGGLE_API_ENDPOINT"] + (
            ["KAGGLE_API_TOKEN"] if token
            else ["KAGGLE_USERNAME", "KAGGLE_KEY"])
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path),
               **{name: server.env[name] for name in keep}, **changes}
        done = subprocess.run(
            [PYTHON, "-c", MAIN, "datasets", *words], env=env, cwd=tmp_path,
            capture_output=True, check=False, text=True, timeout=120,
            stdin=subprocess.DEVNULL)
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said

    server.fault("clear")
    yield kaggle
    server.fault("clear")


def files_below(root):
    return {str(path.relative_to(root)): path.read_bytes()
            for path in pathlib.Path(root).rglob("*") if path.is_file()}


@pytest.mark.parametrize("token", [False, True])
def test_it_lists_all_pages(server, kaggle, token):
    names, more = [], []
    while True:
        lines = kaggle("files", "ann/files", "--csv", "--page-size", "15",
                       *more, token=token).splitlines()
        head = next(i for i, line in enumerate(lines)
                    if line.startswith("name,"))
        names += [line.split(",")[0] for line in lines[head + 1:]]
        if head == 0:
            break
        assert lines[0].startswith("Next Page Token = ")
        more = ["--page-token", lines[0].rpartition(" ")[2]]
    assert names == sorted(server.files)


def test_it_searches_and_asks_for_the_state(kaggle):
    assert "redsh/sales" in kaggle("list", "-s", "sales")
    assert "ann/files" in kaggle("list", "-s", "files of ann")
    assert "ann/files" not in kaggle("list", "-s", "zebra")
    assert "ready" in kaggle("status", "ann/files").lower()


@pytest.mark.parametrize("token", [False, True])
def test_it_downloads_and_unzips_all(server, kaggle, tmp_path, token):
    kaggle("download", "ann/files", "--unzip", "-p", "out", token=token)
    assert files_below(tmp_path / "out") == server.files


def test_it_downloads_single_files(server, kaggle, tmp_path):
    for name in "a.csv", "deep/er/b.csv", "packed.csv.gz":
        kaggle("download", "ann/files", "-f", name, "-p", "out")
        assert (tmp_path / "out" / name).read_bytes() == server.files[name]
    kaggle("download", "ann/files", "-f", "long.csv", "-p", "out")
    assert (tmp_path / "out/long.csv.zip").read_bytes()[:4] == b"PK\3\4"
    kaggle("download", "ann/files", "-f", "long.csv", "-p", "two", "--unzip")
    assert files_below(tmp_path / "two") == {
        "long.csv": server.files["long.csv"]}


def test_it_resumes_what_is_cut(server, kaggle, tmp_path):
    server.fault("add", "--op", "KaggleStorage", "cut-reply=2000000")
    said = kaggle("download", "ann/files", "-f", "packed.csv.gz", "-p", "out")
    assert "esum" in said or "etry" in said
    assert files_below(tmp_path / "out")["packed.csv.gz"] == \
        server.files["packed.csv.gz"]


def test_it_is_refused(kaggle):
    # its words for 401
    assert "Authentication required" in kaggle("files", "ann/files",
                                               fails=True, KAGGLE_KEY="0")
    assert "Not found: ann/none" in kaggle("files", "ann/none", fails=True)
    assert "must accept the terms" in kaggle("download", "ann/terms",
                                             fails=True)
