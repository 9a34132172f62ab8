r"""What \kaggle keeps: names for Tab in later sessions, and in the memory of
the shell that waits for the next command no key."""

import base64
import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "screen")]

from kaggle_server import KEY, TOKEN, USER, Kaggle  # noqa: E402
from terminal import TAB, Terminal, environment     # noqa: E402

REDSH = os.path.abspath(os.environ["REDSH"])
STEP = 1 << 24


@pytest.fixture(scope="module", name="site")
def make_site():
    running = Kaggle()
    yield running
    running.stop()


@pytest.fixture(name="env")
def make_env(site, tmp_path):
    site.reset()
    site.archives["demo/sales"] = b""
    (tmp_path / ".kaggle").mkdir()
    return environment(tmp_path, KAGGLE_API_ENDPOINT=site.url)


def write_key(home, name, text):
    file = home / ".kaggle" / name
    file.write_text(text)
    file.chmod(0o600)


def kaggle_json(home):
    write_key(home, "kaggle.json", json.dumps({"username": USER, "key": KEY}))


def writable(pid):
    """All that a process may have written, stretch by stretch. The shadow of
    a sanitizer is larger than any of it, and no copy."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
            open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, modes = line.split()[:2]
            start, end = (int(word, 16) for word in span.split("-"))
            if not modes.startswith("rw") or end - start > 1 << 30:
                continue
            for at in range(start, end, STEP):
                memory.seek(at)
                try:
                    yield memory.read(min(STEP + 256, end - at))
                except OSError:
                    break


@pytest.mark.parametrize("name, text", [
    ("kaggle.json", json.dumps({"username": USER, "key": KEY})),
    ("access_token", TOKEN + "\n"),
    ("credentials.json", json.dumps({
        "refresh_token": KEY, "access_token": TOKEN, "username": USER,
        "access_token_expiration": "2999-01-02T03:04:05+00:00"})),
])
def test_no_key_stays_in_memory(env, tmp_path, name, text):
    write_key(tmp_path, name, text)
    marker = tmp_path / "marker"
    os.mkfifo(marker)
    with subprocess.Popen(
            [REDSH, "-X", "--offline"], env=env, cwd=tmp_path,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT) as shell:
        shell.stdin.write(b"\\kaggle ls demo/sales\n"
                          b"\\! echo planted > marker\n")
        shell.stdin.flush()
        assert marker.read_text() == "planted\n"
        basic = base64.b64encode(f"{USER}:{KEY}".encode())
        found = {secret for block in writable(shell.pid)
                 for secret in (KEY.encode(), TOKEN.encode(), basic)
                 if secret in block}
        seen = any(b"file 4.csv" in block for block in writable(shell.pid))
        out = shell.communicate(timeout=60)[0]
    assert b"file 4.csv" in out and not found
    assert seen             # memory was looked at


def test_names_that_were_used_are_there_for_tab(env, tmp_path):
    kaggle_json(tmp_path)
    names = tmp_path / ".cache/redsh/kaggle.names"
    subprocess.run([REDSH, "-X", "--offline", "--no-cache", "-c",
                    r"\kaggle ls demo/sales"], env=env, check=True,
                   stdout=subprocess.DEVNULL)
    assert not names.exists()
    subprocess.run([REDSH, "-X", "--offline", "-c", r"\kaggle ls demo/sales"],
                   env=env, check=True, stdout=subprocess.DEVNULL)
    assert names.stat().st_mode & 0o777 == 0o600
    assert names.read_text().splitlines()[:2] == [
        "demo/sales", "demo/sales\tfile 0.csv"]
    with Terminal([REDSH, "-X", "--offline"], env, cwd=tmp_path) as terminal:
        terminal.wait_for_pattern(r"> ?$")
        terminal.send(r"\kaggle get dem" + TAB)
        terminal.wait_for(r"get demo/sales")
        terminal.send("fi" + TAB)
        terminal.wait_for(" file 4.csv")


def test_a_damaged_list_of_names_is_no_list(env, tmp_path):
    kaggle_json(tmp_path)
    names = tmp_path / ".cache/redsh/kaggle.names"
    names.parent.mkdir(parents=True)
    names.write_bytes(b"\0\xff\n" * 300_000)
    done = subprocess.run(
        [REDSH, "-X", "--offline", "-c", r"\kaggle ls demo/sales"], env=env,
        check=False, capture_output=True)
    assert done.returncode == 0 and done.stderr == b""
    assert names.read_text().startswith("demo/sales\n")
