"""\\s3put, \\s3get and \\s3sync against a server that goes wrong by rule: after
each fault bytes are compared, and nothing half-written has a final name."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from raw_aws import Endpoint
from s3_server import S3Server

MIB = 1 << 20
PART = "--part-size 5MiB"


@pytest.fixture(scope="module", name="server")
def make_server():
    running = S3Server()
    assert Endpoint(running).call("PUT", "/bucket").status == 200
    yield running
    running.stop()


class Shell:
    """redsh in a folder of its own, one command a run."""

    def __init__(self, server, home):
        self.server = server
        self.home = home
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "XDG_"))}
        self.env |= server.env | {"HOME": str(home)}

    def start(self, command, **options):
        words = [os.path.abspath(os.environ["REDSH"]), "-X", "--offline",
                 "-v", "ON_ERROR_STOP=1", "-c", command]
        return subprocess.Popen(
            words, cwd=self.home, env=self.env | options.pop("env", {}),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            **({"stdin": subprocess.DEVNULL} | options))

    def run(self, command, fails=False, **options):
        """What was said, without times."""
        data = options.pop("input", None)
        if data is not None:
            options["stdin"] = subprocess.PIPE
        with self.start(command, **options) as process:
            out, said = process.communicate(data, timeout=120)
        said = said.decode()
        assert (process.returncode != 0) == fails, (out, said)
        assert "Sanitizer" not in said
        return out if not said and out else said

    def write(self, name, size):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size))
        return path

    def fault(self, *words):
        return self.server.fault("add", *words)

    def records(self):
        """The journals that are there."""
        return sorted((self.home / ".local/state/redsh").glob("*/*.json"))

    def wait_for_parts(self, count):
        """Until a journal tells of so many parts."""
        for _ in range(600):
            for record in self.records():
                if len(record.read_text().splitlines()) > count:
                    return
            time.sleep(0.05)
        raise AssertionError("no part has been recorded")

    def strays(self):
        return sorted(str(path) for path in self.home.rglob("*.part-*"))


@pytest.fixture(name="shell")
def make_shell(server, tmp_path):
    server.fault("clear")
    yield Shell(server, tmp_path)
    server.fault("clear")


def s3(server, method, target, body=b""):
    return Endpoint(server).call(method, target, body)


def stored(server, key):
    return s3(server, "GET", "/bucket/" + key).body


def uploads(server):
    return s3(server, "GET", "/bucket?uploads").body.count(b"<Upload>")


# --- what the other side does, and both ways survive ---

SURVIVED_UP = [
    "--op UploadPart --count 3 status=503",
    "--op UploadPart --count 2 status=500",
    "--op UploadPart cut-request=100000",
    "--op UploadPart reset",
    "--op UploadPart no-reply",
    "--op UploadPart corrupt-request=1000",
    "--op CreateMultipartUpload status=503",
    "--op CompleteMultipartUpload status=503",
    "--op CompleteMultipartUpload no-reply",
    "--op CompleteMultipartUpload error-in-200",
    "--op CompleteMultipartUpload cut-reply=10",
]


@pytest.mark.parametrize("fault", SURVIVED_UP)
def test_an_upload_in_parts_survives(server, shell, fault):
    file = shell.write("f", 12 * MIB)
    shell.fault(*fault.split())
    shell.run(f"\\s3put {PART} f s3://bucket/up")
    assert stored(server, "up") == file.read_bytes()
    assert uploads(server) == 0
    assert not shell.records()


@pytest.mark.parametrize("fault", [
    "--count 2 status=503", "cut-request=100", "reset", "no-reply",
    "corrupt-request=0"])
def test_an_upload_in_one_survives(server, shell, fault):
    file = shell.write("f", 1000)
    shell.fault("--op", "PutObject", *fault.split())
    shell.run("\\s3put f s3://bucket/one")
    assert stored(server, "one") == file.read_bytes()


@pytest.mark.parametrize("size", [1000, 12 * MIB], ids=["one", "ranges"])
@pytest.mark.parametrize("fault", [
    "--count 2 status=503", "cut-reply=500", "reset", "no-reply",
    "short-body=7", "wrong-length=-9", "corrupt-byte=300",
    "--count 2 cut-reply=0"])
def test_a_download_survives(server, shell, fault, size):
    body = os.urandom(size)
    assert s3(server, "PUT", "/bucket/down", body).status == 200
    shell.fault("--op", "GetObject", *fault.split())
    shell.run(f"\\s3get {PART} s3://bucket/down f")
    assert (shell.home / "f").read_bytes() == body
    assert not shell.strays() and not shell.records()


def test_what_stalls_is_given_up_and_tried_again(server, shell):
    """Both ways at once: a side that keeps silent is waited for a minute."""
    there = os.urandom(3 * MIB)
    s3(server, "PUT", "/bucket/silent", there)
    path = shell.write("stalls.bin", 3 * MIB)
    shell.fault("--op", "GetObject", "--key", "silent", "stall-reply=100000")
    shell.fault("--op", "PutObject", "--key", "stalls.bin",
                "stall-read=100000")
    both = [shell.start("\\s3get s3://bucket/silent got.bin"),
            shell.start("\\s3put stalls.bin s3://bucket/")]
    for process in both:
        _, said = process.communicate(timeout=240)
        assert process.returncode == 0, said.decode()
    assert (shell.home / "got.bin").read_bytes() == there
    assert stored(server, "stalls.bin") == path.read_bytes()
    assert not shell.strays()


def test_many_files_survive(server, shell):
    for i in range(120):
        shell.write(f"many/{i % 7}/{i}", i * 10)
    shell.fault("--op", "PutObject", "--skip", "5", "--count", "20",
                "status=503")
    shell.fault("--op", "PutObject", "--skip", "40", "--count", "5", "reset")
    assert "120 objects" in shell.run("\\s3put -r many s3://bucket/x/")
    shell.fault("--op", "GetObject", "--skip", "30", "--count", "9",
                "short-body")
    shell.run("\\s3get -r s3://bucket/x/many/ back")
    assert subprocess.run(["diff", "-r", "many", "back"],
                          cwd=shell.home, check=False).returncode == 0
    assert not shell.strays()


def test_a_file_that_fails_is_tried_again_later(server, shell):
    file = shell.write("f", 12 * MIB)
    shell.fault("--op", "UploadPart", "--skip", "1", "--count", "5",
                "status=503")
    said = shell.run(f"\\s3put {PART} f s3://bucket/later")
    assert "trying again later" in said
    assert stored(server, "later") == file.read_bytes()
    assert uploads(server) == 0 and not shell.records()


# --- what cannot be survived is told, and leaves nothing ---

def test_bytes_that_stay_wrong_are_no_file(server, shell):
    assert s3(server, "PUT", "/bucket/bad", os.urandom(12 * MIB)).status == 200
    shell.write("f", 10).write_bytes(b"as before")
    shell.fault("--op", "GetObject", "--count", "all", "corrupt-byte=300")
    said = shell.run(f"\\s3get {PART} s3://bucket/bad f", fails=True)
    assert "checksum" in said
    assert (shell.home / "f").read_bytes() == b"as before"
    assert not shell.strays() and not shell.records()


def test_bytes_that_go_wrong_are_no_object(server, shell):
    shell.write("f", 12 * MIB)
    shell.fault("--op", "UploadPart", "--count", "all", "corrupt-request=5")
    shell.run(f"\\s3put {PART} f s3://bucket/none", fails=True)
    assert s3(server, "GET", "/bucket/none").status == 404
    assert uploads(server) == 0 and not shell.records()


def test_one_of_many_that_fails_is_named_and_the_others_arrive(server, shell):
    for name in ("a", "b", "c"):
        shell.write("some/" + name, 100)
    shell.fault("--op", "PutObject", "--key", "p/b", "--count", "all",
                "status=403", "code=AccessDenied")
    said = shell.run("\\s3put -r some/ s3://bucket/p/", fails=True)
    assert "some/b" in said and "2 objects" in said
    assert stored(server, "p/a") == (shell.home / "some/a").read_bytes()
    assert stored(server, "p/c") == (shell.home / "some/c").read_bytes()
    (shell.home / "some/b").chmod(0)
    (shell.home / "some/d").symlink_to("nowhere")
    (shell.home / "some/e").symlink_to("nowhere")
    server_said = shell.run("\\s3put -r some/ s3://bucket/p/", fails=True)
    assert "some/d: No such file" in server_said
    assert "some/e: No such file" in server_said


def test_a_quota_that_is_full_for_a_while_is_waited_for(server, shell):
    file = shell.write("f", 12 * MIB)
    shell.fault("--op", "UploadPart", "quota=6000000")
    with shell.start(f"\\s3put {PART} f s3://bucket/quota") as process:
        assert b"trying again later" in process.stderr.readline()
        assert s3(server, "GET", "/bucket/quota").status == 404
        server.fault("clear")
        process.communicate(timeout=120)
    assert process.returncode == 0
    assert stored(server, "quota") == file.read_bytes()


def test_a_source_that_changes_is_noticed(server, shell):
    file = shell.write("f", 12 * MIB)
    shell.fault("--op", "UploadPart", "--skip", "1", "--count", "all",
                "rate=4000000")
    with shell.start(f"\\s3put {PART} f s3://bucket/torn") as process:
        shell.wait_for_parts(1)
        with file.open("r+b") as out:
            out.write(b"another beginning")
        _, said = process.communicate(timeout=120)
    assert process.returncode != 0
    assert b"f changed while it was sent" in said
    assert s3(server, "GET", "/bucket/torn").status == 404
    assert uploads(server) == 0


def test_a_source_that_gets_shorter_is_noticed(server, shell):
    file = shell.write("f", 12 * MIB)
    shell.fault("--op", "UploadPart", "--skip", "1", "--count", "all",
                "rate=4000000")
    with shell.start(f"\\s3put {PART} f s3://bucket/short") as process:
        shell.wait_for_parts(1)
        os.truncate(file, 6 * MIB)
        _, said = process.communicate(timeout=120)
    assert process.returncode != 0
    assert b"changed while it was sent" in said or b"shorter" in said
    assert s3(server, "GET", "/bucket/short").status == 404
    assert uploads(server) == 0


# --- kill -9 and Ctrl-C: the same command goes on ---

def stop_put(shell, how):
    shell.fault("--op", "UploadPart", "--skip", "1", "--count", "all",
                "stall-read")
    with shell.start(f"\\s3put {PART} f s3://bucket/stopped") as process:
        shell.wait_for_parts(1)
        process.send_signal(how)
        _, said = process.communicate(timeout=120)
    shell.server.fault("clear")
    assert process.returncode != 0
    return said.decode()


def stop_get(shell, how):
    shell.fault("--op", "GetObject", "--skip", "1", "--count", "all",
                "stall-reply=1000000")
    with shell.start(f"\\s3get {PART} s3://bucket/stopped f") as process:
        shell.wait_for_parts(1)
        process.send_signal(how)
        _, said = process.communicate(timeout=120)
    shell.server.fault("clear")
    assert process.returncode != 0
    return said.decode()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_upload_that_was_stopped_goes_on(server, shell, how):
    file = shell.write("f", 12 * MIB)
    said = stop_put(shell, how)
    if how == signal.SIGINT:
        assert "the same command goes on from there" in said
    said = shell.run(f"\\s3put {PART} f s3://bucket/stopped")
    assert "going on after 1 of 3 parts" in said
    assert stored(server, "stopped") == file.read_bytes()
    assert uploads(server) == 0 and not shell.records()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_download_that_was_stopped_goes_on(server, shell, how):
    body = os.urandom(12 * MIB)
    assert s3(server, "PUT", "/bucket/stopped", body).status == 200
    said = stop_get(shell, how)
    if how == signal.SIGINT:
        assert "the same command goes on from what is in" in said
    assert not (shell.home / "f").exists()
    said = shell.run(f"\\s3get {PART} s3://bucket/stopped f")
    assert "going on after 1 of 3 parts" in said
    assert (shell.home / "f").read_bytes() == body
    assert not shell.strays() and not shell.records()


def test_another_object_is_fetched_from_its_start(server, shell):
    assert s3(server, "PUT", "/bucket/stopped",
              os.urandom(12 * MIB)).status == 200
    stop_get(shell, signal.SIGKILL)
    body = os.urandom(12 * MIB)
    assert s3(server, "PUT", "/bucket/stopped", body).status == 200
    said = shell.run(f"\\s3get {PART} s3://bucket/stopped f")
    assert "the object has changed, starting anew" in said
    assert (shell.home / "f").read_bytes() == body
    assert not shell.strays()


def test_what_was_spoiled_meanwhile_is_noticed(server, shell):
    body = shell.write("body", 12 * MIB).read_bytes()
    shell.run("\\s3put body s3://bucket/stopped")
    stop_get(shell, signal.SIGKILL)
    part, = shell.strays()
    done = [json.loads(line)["part"] for line in
            shell.records()[0].read_text().splitlines()[1:]]
    with open(part, "r+b") as file:
        file.seek(done[0] * 5 * MIB)
        file.write(bytes([body[done[0] * 5 * MIB] ^ 1]))
    said = shell.run(f"\\s3get {PART} s3://bucket/stopped f")
    assert "going on" not in said
    assert (shell.home / "f").read_bytes() == body


def test_a_record_holds_no_keys(shell):
    shell.write("f", 12 * MIB)
    stop_put(shell, signal.SIGKILL)
    record, = shell.records()
    text = record.read_text()
    assert "upload_id" in text
    assert shell.server.env["AWS_SECRET_ACCESS_KEY"] not in text
    assert shell.server.env["AWS_ACCESS_KEY_ID"] not in text
    assert record.stat().st_mode & 0o077 == 0
    shell.run(f"\\s3put {PART} f s3://bucket/stopped")


def test_two_do_not_send_the_same_file(server, shell):
    file = shell.write("f", 12 * MIB)
    shell.fault("--op", "UploadPart", "--skip", "1", "--count", "all",
                "rate=4000000")
    with shell.start(f"\\s3put {PART} f s3://bucket/twice") as process:
        shell.wait_for_parts(1)
        said = shell.run(f"\\s3put {PART} f s3://bucket/twice", fails=True)
        assert "is being transferred already" in said
        process.communicate(timeout=120)
    assert process.returncode == 0
    assert stored(server, "twice") == file.read_bytes()


# --- a disk that is full ---

def full_disk(shell, size, command):
    """Runs the command where ./small has so many bytes of room."""
    (shell.home / "small").mkdir()
    script = (f"mount -t tmpfs -o size={size} none small && "
              f"\"$REDSH\" -X --offline -c '{command}'; code=$?; "
              "find small -type f; exit $code")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], cwd=shell.home, check=False,
        env=shell.env | {"REDSH": os.path.abspath(os.environ["REDSH"])},
        capture_output=True, text=True)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("no user namespaces here: " + done.stderr)
    assert done.returncode != 0
    return done.stdout, done.stderr


def test_a_disk_that_is_too_small_is_told_at_once(server, shell):
    assert s3(server, "PUT", "/bucket/wide",
              os.urandom(12 * MIB)).status == 200
    files, said = full_disk(shell, "8M",
                            f"\\s3get {PART} s3://bucket/wide small/f")
    assert "No space left on device" in said
    assert "needs 12.0 MiB, 8.0 MiB are free" in said
    assert files == ""


def test_a_disk_that_fills_up_is_told(server, shell):
    """Two at once, each of which had room when it began."""
    for key in ("half/1", "half/2"):
        assert s3(server, "PUT", "/bucket/" + key,
                  os.urandom(6 * MIB)).status == 200
    files, said = full_disk(shell, "8M",
                            "\\s3get -r s3://bucket/half/ small/")
    assert "No space left on device" in said
    assert ".part-" not in files
    for name in files.split():
        assert name in ("small/1", "small/2")


# --- credentials that end in the middle ---

def test_credentials_that_expire_are_renewed(server, shell):
    config = shell.home / ".aws/config"
    config.parent.mkdir()
    config.write_text(
        "[profile base]\n"
        f"aws_access_key_id = {server.env['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {server.env['AWS_SECRET_ACCESS_KEY']}\n"
        "[profile role]\nregion = us-east-1\nsource_profile = base\n"
        "role_arn = arn:aws:iam::123456789012:role/RedshiftCopy\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del shell.env[name]
    shell.env["AWS_PROFILE"] = "role"
    file = shell.write("f", 40 * MIB)
    shell.fault("--op", "UploadPart", "--skip", "2", "expire-credentials")
    shell.run(f"\\s3put {PART} f s3://bucket/renewed")
    assert stored(server, "renewed") == file.read_bytes()
    shell.fault("--op", "GetObject", "--skip", "2", "expire-credentials")
    shell.run(f"\\s3get {PART} s3://bucket/renewed back")
    assert (shell.home / "back").read_bytes() == file.read_bytes()


def test_keys_that_are_refused_keep_what_was_sent(server, shell):
    file = shell.write("f", 12 * MIB)
    shell.fault("--op", "UploadPart", "--skip", "1", "--count", "all",
                "status=403", "code=InvalidAccessKeyId")
    said = shell.run(f"\\s3put {PART} f s3://bucket/refused", fails=True)
    assert "access key" in said
    server.fault("clear")
    said = shell.run(f"\\s3put {PART} f s3://bucket/refused")
    assert "going on after 1 of 3 parts" in said
    assert stored(server, "refused") == file.read_bytes()


# --- pipes ---

@pytest.mark.parametrize("size", [0, 100, 5 * MIB, 13 * MIB + 1])
def test_a_pipe_goes_up_and_comes_down(server, shell, size):
    body = os.urandom(size)
    shell.fault("--op", "UploadPart", "--count", "2", "status=503")
    shell.run(f"\\s3put {PART} - s3://bucket/pipe", input=body)
    assert stored(server, "pipe") == body
    with shell.start("\\s3get s3://bucket/pipe -") as process:
        out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert out == body


def test_a_wrong_byte_on_its_way_to_the_output_is_told(server, shell):
    shell.write("f", 9 * MIB)
    shell.run("\\s3put f s3://bucket/wrong")
    shell.fault("--op", "GetObject", "--count", "all", "corrupt-byte=300")
    with shell.start("\\s3get s3://bucket/wrong -") as process:
        _, said = process.communicate(timeout=120)
    assert process.returncode != 0
    assert b"the checksums differ" in said


def test_a_pipe_that_fails_leaves_nothing(server, shell):
    shell.fault("--op", "UploadPart", "--count", "all", "status=403",
                "code=AccessDenied")
    shell.run(f"\\s3put {PART} - s3://bucket/nopipe", fails=True,
              input=os.urandom(13 * MIB))
    assert s3(server, "GET", "/bucket/nopipe").status == 404
    assert uploads(server) == 0


def test_a_pipe_that_is_stopped_leaves_nothing(server, shell):
    shell.fault("--op", "UploadPart", "--skip", "1", "--count", "all",
                "stall-read")
    with shell.start(f"\\s3put {PART} - s3://bucket/nopipe",
                     stdin=subprocess.PIPE) as process:
        process.stdin.write(os.urandom(13 * MIB))
        process.stdin.flush()
        for _ in range(600):
            if uploads(server) == 1:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        process.stdin = None
        process.communicate(timeout=120)
    assert process.returncode != 0
    server.fault("clear")
    assert s3(server, "GET", "/bucket/nopipe").status == 404
    assert uploads(server) == 0


def test_a_script_is_no_data(shell):
    command = subprocess.run(
        [os.path.abspath(os.environ["REDSH"]), "-X", "--offline"],
        input="\\s3put - s3://bucket/script\nmore\n", cwd=shell.home,
        env=shell.env, capture_output=True, text=True, check=False)
    assert "standard input is where the commands come from" in command.stderr


# --- folders ---

def test_folders_go_and_come(server, shell):
    for name in ("d/a", "d/sub/b", "d/sub/c.tmp"):
        shell.write(name, 50)
    (shell.home / "d/empty").mkdir()
    said = shell.run("\\s3put --dry-run -r d s3://bucket/folders/")
    assert "would put d/sub/b to s3://bucket/folders/d/sub/b (50 B)" in said
    assert b"<Key>" not in s3(
        server, "GET", "/bucket?list-type=2&prefix=folders").body
    said = shell.run("\\s3put d s3://bucket/folders/", fails=True)
    assert "d is a folder" in said
    shell.run("\\s3put -r --exclude '*.tmp' d s3://bucket/folders/")
    assert s3(server, "PUT", "/bucket/folders/d/made/", b"").status == 200
    shell.run("\\s3get -r s3://bucket/folders/d")
    assert sorted(str(path.relative_to(shell.home / "d")) for path in
                  (shell.home / "d").rglob("*")) == \
        ["a", "empty", "made", "sub", "sub/b", "sub/c.tmp"]
    shutil.rmtree(shell.home / "d")
    shell.run("\\s3get -r s3://bucket/folders/d/ e")
    assert (shell.home / "e/made").is_dir()
    assert not (shell.home / "e/sub/c.tmp").exists()


def test_names_that_are_no_text_are_refused_by_name(server, shell):
    shell.write("n/good", 10)
    with open(os.fsencode(shell.home) + b"/n/b\xffd", "wb") as file:
        file.write(b"x")
    said = shell.run("\\s3put -r n s3://bucket/names/", fails=True)
    assert "n/b\\xffd: the name is not UTF-8" in said
    assert stored(server, "names/n/good") == \
        (shell.home / "n/good").read_bytes()


def test_keys_that_lead_out_are_refused_by_name(server, shell):
    for key in ("out/../../evil", "out/fine", "out//evil"):
        assert s3(server, "PUT", "/bucket/" + key, b"x").status == 200
    said = shell.run("\\s3get -r s3://bucket/out/ into", fails=True)
    assert "the key cannot be a file name" in said
    assert [path.name for path in (shell.home / "into").iterdir()] == ["fine"]
    assert not (shell.home.parent / "evil").exists()


def test_what_is_there_stays(server, shell):
    shell.write("f", 10)
    assert s3(server, "PUT", "/bucket/there", b"there").status == 200
    said = shell.run("\\s3put --no-clobber f s3://bucket/there", fails=True)
    assert "s3://bucket/there is there already" in said
    assert stored(server, "there") == b"there"
    (shell.home / "there").write_bytes(b"mine")
    said = shell.run("\\s3get -n s3://bucket/there", fails=True)
    assert "s3://bucket/there is there already" in said
    assert (shell.home / "there").read_bytes() == b"mine"


# --- \s3sync ---

def test_sync_makes_one_like_the_other(server, shell):
    for name in ("s/a", "s/b/c", "s/z.tmp"):
        shell.write(name, 50)
    assert "2 objects" in shell.run(
        "\\s3sync --exclude '*.tmp' s s3://bucket/sync")
    assert "2 are the same" in shell.run(
        "\\s3sync --exclude '*.tmp' s s3://bucket/sync")
    (shell.home / "s/a").unlink()
    said = shell.run("\\s3sync --dry-run --delete s s3://bucket/sync")
    assert "would remove s3://bucket/sync/a" in said
    said = shell.run("\\s3sync --delete s s3://bucket/sync", fails=True)
    assert "--yes" in said
    assert s3(server, "GET", "/bucket/sync/a").status == 200
    shell.run("\\s3sync --delete --yes s s3://bucket/sync")
    assert s3(server, "GET", "/bucket/sync/a").status == 404
    shell.run("\\s3sync s3://bucket/sync t")
    assert subprocess.run(["diff", "-r", "s", "t"], cwd=shell.home,
                          check=False).returncode == 0
    assert "0 objects" in shell.run("\\s3sync s3://bucket/sync t")
    shell.fault("--op", "CopyObject", "--count", "2", "status=503")
    shell.run("\\s3sync s3://bucket/sync s3://bucket/sync2")
    assert stored(server, "sync2/b/c") == (shell.home / "s/b/c").read_bytes()


def test_sync_survives_a_listing_that_breaks_off(server, shell):
    for name in ("s/a", "s/b"):
        shell.write(name, 50)
    shell.run("\\s3sync s s3://bucket/broken")
    shell.fault("--op", "ListObjectsV2", "--count", "all", "status=403",
                "code=AccessDenied")
    shell.run("\\s3sync --delete --yes s3://bucket/broken s", fails=True)
    assert sorted(os.listdir(shell.home / "s")) == ["a", "b"]
