"""Transfers behind the prompt, in scripts: told at \\wait or at the end."""

import os
import signal
import subprocess

import pytest

from held_s3 import HeldS3

REDSH = os.path.abspath(os.environ["REDSH"])
SECONDS = 120
# Forbids unshare(2), as containers do.
NO_UNSHARE = r"""
import ctypes, os, struct, sys
number = {"x86_64": 272, "aarch64": 97}[os.uname().machine]
code = b"".join(struct.pack("HBBI", *line) for line in (
    (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50001),
    (0x06, 0, 0, 0x7fff0000)))
text = ctypes.create_string_buffer(code, len(code))
class Program(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_void_p)]
program = Program(4, ctypes.addressof(text))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def s3():
    running = HeldS3()
    yield running
    running.close()


@pytest.fixture
def start(s3, tmp_path):
    def run(*args, before=(), **more):
        env = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true",
            **{name: os.environ[name]
               for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
               if name in os.environ},
            **s3.env(), **more,
        }
        return subprocess.Popen([*before, REDSH, "-X", "--offline", *args],
                                cwd=tmp_path, env=env, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
    return run


def wait_said(process, line):
    """Reads what is said up to a line of \\warn; standard output is held."""
    for said in process.stderr:
        if said == line + "\n":
            return
    raise AssertionError("the end, and no " + line)


def end(process, text=None):
    out, said = process.communicate(text, timeout=SECONDS)
    return process.returncode, out, said


def test_a_script_waits_for_its_jobs_at_the_end(s3, start, tmp_path):
    (tmp_path / "a.txt").write_text("alpha\n")
    code, out, said = end(start(), "\\s3put a.txt s3://bucket/a &\n"
                                   "\\echo went on\n")
    assert (code, out) == (0, "went on\n")
    assert s3.objects["bucket/a"] == b"alpha\n"
    assert said.splitlines()[0] == r"[1] \s3put a.txt s3://bucket/a"
    assert said.splitlines()[1].startswith("[1] put: s3://bucket/a, 6 B, ")


def test_a_failed_job_fails_the_script(start):
    code, out, said = end(start(), "\\s3get s3://bucket/none here &\n"
                                   "\\echo went on\n")
    assert (code, out) == (1, "went on\n")
    assert r"[1] failed: \s3get s3://bucket/none here: " in said
    assert "s3://bucket/none" in said.split("here: ")[1]


def test_with_on_error_stop_the_code_is_3(start):
    code, _, _ = end(start("-v", "ON_ERROR_STOP=1", "-f", "-"),
                     "\\s3get s3://bucket/none here &\n")
    assert code == 3


def test_wait_fails_as_its_job_did(start):
    script = "\\s3get s3://bucket/none here &\n\\wait 1\n\\echo not here\n"
    code, out, _ = end(start("-v", "ON_ERROR_STOP=1"), script)
    assert (code, out) == (3, "")


def test_what_wait_has_told_is_not_told_again(start):
    script = "\\s3get s3://bucket/none here &\n\\wait\n\\wait\n\\echo done\n"
    code, out, said = end(start(), script)
    assert (code, out) == (0, "done\n")
    assert said.count("failed") == 1


def test_jobs_are_listed_while_they_run(s3, start):
    s3.objects["bucket/big"] = bytes(1 << 20)
    s3.hold("GET bucket/big")
    process = start("-A", "-t", "--no-readline")
    process.stdin.write("\\s3get s3://bucket/big here &\n")
    process.stdin.flush()
    s3.wait_held()
    process.stdin.write("\\jobs\n\\jobs cancel 1\n\\wait\n\\jobs\n")
    code, out, said = end(process)
    before, after = out.splitlines()
    assert before.startswith("1|running|")
    assert before.endswith(r"|\s3get s3://bucket/big here")
    assert after.startswith("1|cancelled|")
    assert r"[1] cancelled: \s3get s3://bucket/big here" in said
    assert code == 0


def test_eight_run_at_once_and_all_come(s3, start, tmp_path):
    for n in range(12):
        s3.objects[f"bucket/k{n}"] = b"x" * (n + 2)
    s3.hold("GET bucket/")
    process = start("-A", "-t")
    for n in range(12):
        process.stdin.write(f"\\s3get s3://bucket/k{n} f{n} &\n")
    process.stdin.flush()
    s3.wait_held(8)
    process.stdin.write("\\jobs\n\\warn listed\n")
    process.stdin.flush()
    wait_said(process, "listed")
    # Nothing that the shell reads from here on lets them go on.
    s3.go_on()
    for n in range(12):
        s3.wait_seen(f"GET bucket/k{n}")
    code, out, _ = end(process)
    assert code == 0
    assert [line.split("|")[1] for line in out.splitlines()] == (
        ["running"] * 8 + ["waiting"] * 4)
    for n in range(12):
        assert (tmp_path / f"f{n}").read_bytes() == b"x" * (n + 2)


def test_a_job_stays_in_its_folder(s3, start, tmp_path):
    s3.objects["bucket/k"] = b"here"
    (tmp_path / "other").mkdir()
    s3.hold("bucket")
    process = start()
    process.stdin.write("\\s3get s3://bucket/k &\n\\cd other\n\\warn ok\n")
    process.stdin.flush()
    wait_said(process, "ok")
    s3.go_on()
    assert end(process)[0] == 0
    assert (tmp_path / "k").read_bytes() == b"here"
    assert list((tmp_path / "other").iterdir()) == []


def test_where_a_job_cannot_keep_its_folder_cd_waits(s3, start, tmp_path):
    s3.objects["bucket/k"] = b"here"
    (tmp_path / "other").mkdir()
    s3.hold("bucket")
    process = start(before=["/usr/bin/python3", "-c", NO_UNSHARE])
    process.stdin.write("\\s3get s3://bucket/k &\n\\cd other\n")
    process.stdin.flush()
    wait_said(process, "job 1 works in this folder and would be led away")
    s3.go_on()
    code, _, _ = end(process, "\\wait\n\\cd other\n\\! pwd > told\n")
    assert (tmp_path / "k").read_bytes() == b"here"
    assert (tmp_path / "other" / "told").exists()
    assert code == 0


def test_what_cannot_be_a_job_says_so(start):
    code, _, said = end(start(), "\\s3ls s3://bucket &\n")
    assert r"\s3ls cannot run behind the prompt" in said
    _, _, said = end(start(), "\\s3get s3://bucket/k - &\n")
    assert r"\s3get: a job has neither standard input nor output" in said
    assert code == 0


def test_an_ampersand_in_quotes_or_in_a_word_is_none(s3, start, tmp_path):
    (tmp_path / "&").write_text("and\n")
    script = ("\\s3put '&' s3://bucket/k&\n"
              "\\s3put '&' 's3://bucket/x y' & \\\\ \\echo next\n")
    code, out, said = end(start(), script)
    assert (code, out) == (0, "next\n")
    assert s3.objects == {"bucket/k&": b"and\n", "bucket/x y": b"and\n"}
    assert said.count("[1]") == 2


def test_numbers_that_are_none(start):
    script = "\\fg\n\\fg 7\n\\wait x\n\\jobs cancel\n\\jobs stop\n\\jobs\n"
    code, out, said = end(start("-A"), script)
    assert code == 0
    assert "no job is running" in said
    assert "there is no job 7" in said
    assert '"x" is not the number of a job' in said
    assert r"\jobs cancel: name a job" in said
    assert r'\jobs: "stop" is nothing to do' in said
    assert out.endswith("(0 rows)\n")


def test_ctrl_c_at_the_end_cancels_what_runs(s3, start):
    s3.objects["bucket/big"] = bytes(1 << 20)
    s3.hold("GET bucket/big")
    process = start()
    process.stdin.write("\\s3get s3://bucket/big here &\n")
    process.stdin.close()
    process.stdin = None
    s3.wait_held()
    # Into the wait at the end: until then Ctrl-C ends the script itself.
    process.send_signal(signal.SIGINT)
    code, _, said = end(process)
    assert "[1] cancelled: " in said
    assert code != 0


def test_quiet_tells_of_failures_only(s3, start, tmp_path):
    (tmp_path / "a").write_text("a")
    code, _, said = end(start("-q"), "\\s3put a s3://bucket/a &\n"
                                     "\\s3get s3://bucket/no x &\n")
    assert code == 1
    assert [line[:11] for line in said.splitlines()
            if not line.startswith("HINT")] == ["[2] failed:"]
