"""AWS files that are wrong, programs and services behind them that are
broken, as an analyst meets them: what is said names the file, the place and
what to do, and nothing of it is waited for by who does not use AWS."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

sys.path[:0] = [os.path.join(os.path.dirname(__file__), "..", "screen")]

from terminal import Terminal, environment      # noqa: E402

REDSH = os.environ["REDSH"]
SECONDS = 120
KEYS = (b"[default]\naws_access_key_id = AKIAPLANTED\n"
        b"aws_secret_access_key = planted-secret\n")
PLACE = b"[default]\nregion = us-east-1\n"
ROLE = b"role_arn = arn:aws:iam::1:role/r\n"

# what it is: config, credentials, what is said
FILES = {
    "UTF-16 config": ("\ufeff[default]\n".encode("utf-16-le"), KEYS,
                      ["config is UTF-16", "iconv"]),
    "Latin-1 config": (b"[default]\nregion = caf\xe9\n", KEYS,
                       ["config is not UTF-8", "iconv"]),
    "UTF-16 credentials": (PLACE, "\ufeff[default]\n".encode("utf-16-be"),
                           ["credentials is UTF-16"]),
    "a NUL byte": (PLACE, b"[default]\n\0" + KEYS,
                   ["credentials, line 2: a NUL byte"]),
    "no section": (b"region = us-east-1\n", KEYS,
                   ["before the first [section]"]),
    "half a section": (b"[default\nregion = x\n", KEYS,
                       ["line 1: no ] after ["]),
    "a line of neither kind": (PLACE + b"what is this\n", KEYS,
                               ["config, line 3: neither"]),
    "too long": (PLACE, KEYS + b"#" * (5 << 20), ["is longer than"]),
    "one key of two": (PLACE, b"[default]\naws_access_key_id = AKIA\n",
                       ["only one of", "give both"]),
    "no source": (b"[default]\n" + ROLE + b"source_profile = gone\n", KEYS,
                  ['source_profile "gone"', "does not exist"]),
    "a source without keys": (
        b"[default]\nsource_profile = b\n" + ROLE + b"[profile b]\n", b"",
        ['source_profile "b"', "has no"]),
    "a circle": (b"[default]\nsource_profile = b\n" + ROLE +
                 b"[profile b]\nsource_profile = default\n" + ROLE, b"",
                 ["goes round in a circle"]),
    "a session that is not there": (
        b"[default]\nsso_session = gone\nsso_account_id = 1\n"
        b"sso_role_name = r\nregion = us-east-1\n", b"", ["gone"]),
    "a program that is not there": (
        PLACE + b"credential_process = /nowhere/at/all\n", b"",
        ["/nowhere/at/all"]),
    "a program that fails": (
        PLACE + b"credential_process = sh -c 'echo my VPN is off >&2; exit 3'"
        b"\n", b"", ["credential_process", "my VPN is off"]),
    "a program that prints rubbish": (
        PLACE + b"credential_process = echo hello\n", b"",
        ["credential_process"]),
    "a program that prints binary rubbish": (
        PLACE + b"credential_process = head -c 100000 /dev/urandom\n", b"",
        ["credential_process"]),
    "a program that never stops printing": (
        PLACE + b"credential_process = yes\n", b"", ["credential_process"]),
    "a program's keys of long ago": (
        PLACE + b"credential_process = printf '%s' '{\"Version\":1,"
        b"\"AccessKeyId\":\"AKIA\",\"SecretAccessKey\":\"planted-secret\","
        b"\"Expiration\":\"2001-01-01T00:00:00Z\"}'\n", b"", ["expired"]),
    "a program of another version": (
        PLACE + b"credential_process = printf '%s' '{\"Version\":2}'\n", b"",
        ["Version"]),
}


class Home:
    def __init__(self, folder):
        self.folder = folder
        (folder / ".aws").mkdir()

    def write(self, name, data, mode=0o600):
        path = self.folder / ".aws" / name
        path.write_bytes(data)
        path.chmod(mode)

    def env(self, **more):
        return environment(self.folder, **more)

    def run(self, *commands, **env):
        words = [word for one in commands for word in ("-c", one)]
        done = subprocess.run(
            [REDSH, "-X", "--offline", "--no-cache", *words],
            env=self.env(**env), capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=SECONDS)
        said = done.stderr.decode()
        assert "Sanitizer" not in said and "planted-secret" not in said
        return done.returncode, done.stdout.decode(), said


@pytest.fixture(name="home")
def make_home(tmp_path):
    return Home(tmp_path)


@pytest.mark.parametrize("what", FILES)
def test_what_is_wrong_is_named(home, what):
    config, credentials, words = FILES[what]
    home.write("config", config)
    home.write("credentials", credentials)
    status, _, said = home.run(r"\s3ls")
    assert status != 0
    for word in words:
        assert word in said, said


@pytest.mark.parametrize("what", FILES)
def test_who_does_not_use_aws_is_not_bothered(home, what):
    config, credentials, _ = FILES[what]
    home.write("config", config)
    home.write("credentials", credentials)
    assert home.run(r"\echo here") == (0, "here\n", "")


def test_sections_of_other_programs_are_passed_over(home):
    home.write("config", PLACE + b"[strange thing]\nx = 1\n[plugins]\n"
               b"[profile]\ny = 2\n[services a]\ns3 =\n  endpoint_url = z\n")
    home.write("credentials", KEYS)
    status, _, said = home.run(r"\s3ls",
                               AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert status != 0 and "no connection" in said


def test_keys_that_everybody_can_read_are_warned_of(home):
    home.write("config", PLACE)
    home.write("credentials", KEYS, 0o644)
    _, _, said = home.run(r"\s3ls", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert "open to others (mode 0644): chmod 600 " in said
    assert said.count("chmod 600") == 1


def test_a_folder_and_a_file_that_cannot_be_read(home):
    home.write("config", PLACE)
    (home.folder / ".aws" / "credentials").mkdir()
    status, _, said = home.run(r"\s3ls")
    assert status != 0 and "credentials: Is a directory" in said


def stopped_at(child, ready):
    """Ctrl-C once ready() is true; what was said."""
    end = time.monotonic() + SECONDS
    while not ready():
        assert child.poll() is None and time.monotonic() < end
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=SECONDS)
    return said


def test_a_program_that_hangs_is_left_by_ctrl_c(home):
    mark, pid = home.folder / "mark", home.folder / "pid"
    home.write("config", PLACE + b"credential_process = sh -c 'echo $$ > " +
               str(pid).encode() + b"; touch " + str(mark).encode() +
               b"; exec sleep 1000'\n")
    child = subprocess.Popen(
        [REDSH, "-X", "--offline", "--no-cache", "-c", r"\s3ls"],
        env=home.env(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True)
    stopped_at(child, mark.exists)
    assert child.returncode != 0
    end = time.monotonic() + SECONDS    # nor does the program stay
    while os.path.exists(f"/proc/{pid.read_text().strip()}/exe"):
        assert time.monotonic() < end
        time.sleep(0.05)


class Silent:
    """A service that takes connections and says nothing; asked: how many."""

    def __init__(self):
        self.asked = 0
        self.kept = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                one, _ = self.listener.accept()
            except OSError:
                return
            self.kept.append(one)
            self.asked += 1


@pytest.fixture(name="silent")
def make_silent():
    silent = Silent()
    yield silent
    silent.listener.close()


def test_a_metadata_service_that_is_silent_never_delays_a_start(home, silent):
    """Nobody asks it before S3 is used, on a terminal neither."""
    env = {"AWS_EC2_METADATA_DISABLED": None,
           "AWS_EC2_METADATA_SERVICE_ENDPOINT": silent.url}
    assert home.run(r"\echo here", r"\s3pwd", **env)[1].startswith("here\n")
    with Terminal([REDSH, "-X", "--offline"], home.env(**env)) as term:
        term.wait_for_pattern(r"[=#>] ?$")
        term.line(r"\echo here")
        term.wait_for("here\n")
        term.line(r"\q")
        term.wait_for_end()
    assert silent.asked == 0


def test_a_metadata_service_that_is_silent_is_left(home, silent):
    status, _, said = home.run(
        r"\s3ls s3://bucket", AWS_EC2_METADATA_DISABLED=None,
        AWS_REGION="eu-west-1",
        AWS_EC2_METADATA_SERVICE_ENDPOINT=silent.url,
        AWS_ENDPOINT_URL="http://127.0.0.1:1")
    assert status != 0 and silent.asked > 0
    assert "credentials" in said or "no connection" in said, said


def test_ctrl_c_does_not_wait_for_the_metadata_service(home, silent):
    child = subprocess.Popen(
        [REDSH, "-X", "--offline", "--no-cache", "-c", r"\s3ls"],
        env=home.env(AWS_EC2_METADATA_DISABLED=None, AWS_REGION="eu-west-1",
                     AWS_EC2_METADATA_SERVICE_ENDPOINT=silent.url,
                     AWS_METADATA_SERVICE_TIMEOUT="1000"),
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    stopped_at(child, lambda: silent.asked > 0)
    assert child.returncode != 0
