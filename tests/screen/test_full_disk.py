"""A HOME that is read-only or full, for real: a small file system of the
test's own. The prompt comes, one line says what is not kept, all else works."""

import shlex
import subprocess

import pytest

from terminal import REDSH, TAB, UP, Terminal, environment

UNSHARE = ["/usr/bin/unshare", "-rm"]


def can_mount(folder):
    done = subprocess.run(
        [*UNSHARE, "mount", "-t", "tmpfs", "none", str(folder)],
        check=False, capture_output=True)
    return done.returncode == 0


@pytest.fixture
def shell(sandbox, tmp_path):
    if not can_mount(tmp_path):
        pytest.skip("no file systems of one's own here (unshare -rm)")
    words = shlex.split(sandbox.run("env", "--dir", sandbox.folder))
    said = dict(word.split("=", 1) for word in words if "=" in word)
    env = environment(tmp_path, **{name: value for name, value in said.items()
                                   if name.startswith("PG")})
    opened = []

    def start(options, *more):
        script = (f"mount -t tmpfs -o {options} none {tmp_path} && "
                  f"exec {shlex.quote(REDSH)} -X {shlex.join(more)}")
        term = Terminal([*UNSHARE, "sh", "-c", script], env, rows=60,
                        columns=200)
        opened.append(term)
        term.wait_for_prompt()
        return term
    yield start
    for term in opened:
        term.child.close(force=True)


def works(term):
    """What was typed comes back by Up, names by Tab."""
    term.line("create table if not exists full_disk_table (full_column int);")
    term.wait_for("CREATE TABLE")
    term.wait_for_prompt()
    term.line("\\refresh")
    term.wait_for("Tab knows")
    term.wait_for_prompt()
    term.send("select * from full_disk_t" + TAB)
    term.wait_for_line("dev=# select * from full_disk_table")
    term.send(";\r")
    term.wait_for("(0 rows)")
    term.wait_for_prompt()
    term.send(UP)
    term.wait_for_line("dev=# select * from full_disk_table;")
    term.send("\x15")
    term.line("\\history full_disk_t")
    term.wait_for("create table if not exists full_disk_table (full_column")
    term.wait_for_prompt()
    term.line("\\q")
    assert term.wait_for_end() == 0


@pytest.mark.parametrize("options, words", [
    ("size=1m,ro", "Read-only file system"),
    ("size=16k", "full"),
])
def test_one_line_says_what_is_not_kept(shell, options, words):
    term = shell(options)
    works(term)
    said = term.text()
    assert said.count("names for Tab are kept for this session only") == 1
    assert said.count("statements are remembered until redsh ends") == 1
    assert words in said


def test_a_disk_that_is_full_while_names_are_read(shell):
    term = shell("size=1200k")
    # What is there by now may stay; nothing more can be written.
    term.line("\\! head -c 1500000 /dev/zero > ~/ballast 2>/dev/null")
    term.wait_for_prompt()
    works(term)
    assert term.text().count("names for Tab are kept for this session") <= 1
    assert term.text().count("statements are remembered until redsh ends") == 1


@pytest.mark.parametrize("room", ["size=300k", "size=600k", "size=900k"])
def test_room_that_ends_somewhere(shell, room):
    works(shell(room))
