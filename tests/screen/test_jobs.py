"""Transfers behind the prompt at a terminal, and the line of progress."""

import os
import re

import pytest

from held_s3 import HeldS3
from terminal import CTRL_C, CTRL_D, REDSH, TAB, Terminal, environment

PROMPT = r"^offline=> ?$"


@pytest.fixture
def s3():
    running = HeldS3()
    running.objects["bucket/big"] = os.urandom(1 << 20)
    running.hold("GET bucket/big")
    yield running
    running.close()


@pytest.fixture
def shell(s3, tmp_path):
    opened = []

    def start(*options, columns=80, **more):
        env = environment(tmp_path, **{**s3.env(), **more})
        term = Terminal([REDSH, "-X", "--offline", *options], env,
                        columns=columns, cwd=tmp_path)
        opened.append(term)
        term.wait_for_prompt(PROMPT)
        return term
    yield start
    for term in opened:
        term.child.close(force=True)


@pytest.mark.parametrize("options", [[], ["--plain"]])
def test_a_notice_comes_above_what_is_typed(s3, shell, tmp_path, options):
    term = shell(*options)
    term.line(r"\s3get s3://bucket/big here &")
    term.wait_for_prompt(PROMPT)
    s3.wait_held()
    term.send("select 'half")
    term.wait_for_line("offline=> select 'half")
    s3.go_on()
    term.wait_for("[1] get: s3://bucket/big, 1.0 MiB, ")
    term.wait_for_line("offline=> select 'half")
    term.send(" typed'")
    term.wait_for_line("offline=> select 'half typed'")
    lines = term.lines()
    assert lines[term.screen.cursor.y - 1].startswith("[1] get: ")
    assert lines[term.screen.cursor.y - 2].startswith(
        r"[1] \s3get s3://bucket/big here")
    assert (tmp_path / "here").read_bytes() == s3.objects["bucket/big"]


def test_a_notice_in_a_text_of_lines(s3, shell):
    term = shell()
    term.line(r"\s3get s3://bucket/big here &")
    term.wait_for_prompt(PROMPT)
    term.line("select 1,")
    term.send("2")
    term.wait_until(lambda: term.cursor_line().endswith("2"), "no 2")
    row = term.cursor_line()
    s3.go_on()
    term.wait_for("[1] get: ")
    term.wait_until(lambda: term.cursor_line() == row, "the text is gone")
    text = term.text()
    assert text.count("select 1,") == 1
    assert text.index("[1] get: ") < text.index("select 1,")


def test_fg_shows_progress_and_its_end(s3, shell):
    term = shell()
    term.line(r"\s3get s3://bucket/big here &")
    term.wait_for_prompt(PROMPT)
    s3.wait_held()
    term.line(r"\fg " + TAB)
    term.wait_for_pattern(r"^get s3://bucket/big .* of 1\.0 MiB")
    s3.go_on()
    term.wait_for_pattern(r"^get: s3://bucket/big, 1\.0 MiB, ")
    term.wait_for_prompt(PROMPT)
    # The line of progress is gone.
    assert not re.search(r"of 1\.0 MiB", term.text())


def test_ctrl_c_in_fg_cancels_and_in_wait_does_not(s3, shell, tmp_path):
    term = shell()
    term.line(r"\s3get s3://bucket/big here &")
    s3.wait_held()
    term.line(r"\wait")
    term.wait_for("waiting for 1 job")
    term.send(CTRL_C)
    term.wait_for(r"the jobs go on; \jobs cancel stops them")
    term.wait_for_prompt(PROMPT)
    term.line(r"\fg 1")
    term.wait_for_pattern("^get s3://bucket/big")
    term.send(CTRL_C)
    term.wait_for(": cancelled")
    term.wait_for_prompt(PROMPT)
    assert not (tmp_path / "here").exists()


@pytest.mark.parametrize("leave", ["\\q\r", CTRL_D, "quit\r"])
def test_who_leaves_while_a_job_runs_is_asked(s3, shell, leave):
    term = shell()
    term.line(r"\s3get s3://bucket/big here &")
    s3.wait_held()
    term.wait_for_prompt(PROMPT)
    for answer in "ny":
        term.send(leave)
        term.wait_for_pattern(
            r"A job is still running: cancel it and leave\? \[y/N\] ?$")
        term.line(answer)
        if answer == "n":
            term.wait_for_prompt(PROMPT)
            term.line(r"\! clear")
            term.wait_until(lambda: "A job is" not in term.text(), "no clear")
            term.wait_for_prompt(PROMPT)
    assert term.wait_for_end() == 0
    assert r"[1] cancelled: \s3get s3://bucket/big here" in term.text()


def test_a_failure_is_told_with_its_hint(s3, shell):
    s3.refused["bucket/no"] = (403, "AccessDenied")
    term = shell()
    term.line(r"\s3get s3://bucket/no here &")
    term.wait_for(r"[1] failed: \s3get s3://bucket/no here: ")
    term.wait_for("HINT:")
    term.wait_for_prompt(PROMPT)


MFA = """
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = x
[profile m]
region = us-east-1
source_profile = base
role_arn = arn:aws:iam::1:role/r
mfa_serial = arn:aws:iam::1:mfa/me
"""


def test_a_code_is_never_asked_for_from_behind(s3, shell, tmp_path):
    """Keys of a role with MFA end while a job is at work: it stops, says what
    to type, and the same command goes on after that."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(MFA)
    (tmp_path / ".aws/config").chmod(0o600)
    body = os.urandom(15 << 20)
    (tmp_path / "f").write_bytes(body)
    s3.hold("partNumber=[23]")
    term = shell("--profile", "m", columns=150, AWS_ACCESS_KEY_ID=None,
                 AWS_SECRET_ACCESS_KEY=None)
    command = r"\s3put --part-size 5MiB f s3://bucket/f &"
    term.line(command)
    term.wait_for("MFA code of arn:aws:iam::1:mfa/me:")
    term.line("111111")
    s3.wait_held(2)
    s3.wait_part(1)
    term.wait_for_prompt(PROMPT)
    s3.expire()
    s3.go_on()
    term.wait_for("[1] failed: ")
    term.wait_for("wants a code of the MFA device arn:aws:iam::1:mfa/me")
    term.wait_for_prompt(PROMPT)
    assert term.text().count("MFA code of") == 1
    assert len(s3.roles) == 1
    term.line(r"\aws whoami")
    term.wait_until(lambda: term.text().count("MFA code of") == 2, "no prompt")
    term.line("222222")
    term.wait_until(lambda: len(s3.roles) == 2, "no role")
    term.line(command)
    term.wait_for_pattern(r"^\[2\] put: .*s3://bucket/f")
    assert s3.objects["bucket/f"] == body
    assert [form["TokenCode"] for form in s3.roles] == ["111111", "222222"]
    assert sum("partNumber=1&" in name for name in s3.seen) == 1


def test_progress_fits_the_screen(s3, shell):
    term = shell(columns=60)
    name = "s3://bucket/" + "long/" * 20 + "name.bin"
    s3.objects[name[5:]] = os.urandom(1 << 20)
    s3.hold("GET bucket/long")
    term.line(f"\\s3get {name} here")
    s3.wait_held()
    term.wait_for_pattern("^get s3:.*…")
    end = term.screen.cursor.y
    assert len(term.lines()[end]) < 60
    s3.go_on()
    term.wait_for_pattern("^get: ")
    # Every picture of it was on one row.
    assert term.text().count("…") == 0


@pytest.mark.parametrize("options, more", [(["-q"], {}),
                                           ([], {"TERM": "dumb"})])
def test_no_progress_where_it_is_not_wanted(s3, shell, options, more):
    term = shell(*options, **more)
    term.line(r"\s3get s3://bucket/big here")
    s3.wait_held()
    s3.go_on()
    term.wait_until(lambda: term.text().count("offline=>") == 2, "no prompt")
    assert b" of 1.0 MiB" not in term.raw


def test_progress_has_no_colours(s3, shell):
    term = shell("--plain", NO_COLOR="1")
    term.line(r"\s3get s3://bucket/big here")
    term.wait_for_pattern(r"^get s3://bucket/big .* of 1\.0 MiB")
    s3.go_on()
    term.wait_for_pattern("^get: ")
    begin = term.raw.index(b"get s3://bucket/big ", term.raw.index(b"here"))
    assert not re.search(rb"\x1b\[[0-9;]*m", term.raw[begin:])
