"""Prompts as psql 15 writes them: both programs get the same PROMPT1 and the
same lines on a terminal without line editing, and must write the same bytes.
"""

import os
import re
import sys

import pexpect
import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))
from private_postgres import BIN, Server    # noqa: E402
from terminal import PATIENCE, REDSH, environment   # noqa: E402

PSQL = os.environ.get("PSQL", str(BIN / "psql"))


@pytest.fixture(scope="module")
def server():
    if not os.path.exists(PSQL):
        pytest.skip("psql 15 is not installed")
    running = Server()
    yield running
    running.stop()


def session(program, server, home, prompt, lines):
    """All that was written, with the process ids taken out."""
    env = environment(home, PGHOST=str(server.dir), PGUSER="tester",
                      PGDATABASE="postgres", COLOUR="green")
    child = pexpect.spawn(program, ["-X", "-q", "-n", "-v",
                                    "PROMPT1=" + prompt + "$ ", "-v",
                                    "PROMPT2=" + prompt + "$ ", "-v",
                                    "word=a variable"],
                          env=env, timeout=PATIENCE, encoding="utf-8")
    text = ""
    for line in (*lines, "\\q"):
        child.expect(re.escape("$ "))
        text += child.before + child.after
        child.sendline(line)
    child.expect(pexpect.EOF)
    text += child.before
    pid = re.search(r"pid (\d+)", text)
    return text.replace(pid[1], "PID") if pid else text


PROMPTS = {
    "%M": ["select 1;"],
    "%m": ["select 1;"],
    "%>": ["select 1;"],
    "%n": ["select 1;", "set session authorization other;", "select 1;"],
    "%/": ["\\c template1", "select 1;"],
    "%~": ["\\c template1", "\\c postgres"],
    "%#": ["set session authorization other;", "reset session authorization;"],
    "%p": ["select 'pid ' || pg_backend_pid();"],
    "%R": ["select 1", "+ 'a", "b' ||", "\"x", "\"", "(", ")", "$$", "$$",
           "/*", "*/", ";", "\\if false", "\\endif", "\\set SINGLELINE on",
           "\\set SINGLELINE off"],
    "%x": ["begin;", "select 1/0;", "rollback;"],
    "%l": ["select 1", "+", "2", ";"],
    "%033[1m%033[0m": ["select 1;"],
    "%101%1%08": ["select 1;"],
    "%:word:": ["\\unset word", "\\set word 'an other'"],
    "%`printf 'by the shell\\n%s\\n' $COLOUR`%`echo $COLOUR`": ["select 1;"],
    "%[%033[31m%]%/%[%033[0m%]": ["select 1;"],
    "%%": ["select 1;"],
    "%q%": ["select 1;"],
    "no escape at all": ["select 1;"],
    "%/%R%x%# ": ["select 1", ";", "begin;", "rollback;"],
    "": ["select 1;"],
}


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_prompt_is_psqls(server, tmp_path, prompt):
    link = tmp_path / "psql"
    link.symlink_to(os.path.abspath(REDSH))
    home = tmp_path / "home"
    home.mkdir()
    setup = pexpect.run(f"{PSQL} -X -q -h {server.dir} -U tester postgres -c "
                        "'create role other'")
    assert b"already exists" in setup or not setup
    texts = [session(program, server, home, prompt, PROMPTS[prompt])
             for program in (PSQL, str(link))]
    assert texts[1] == texts[0]


def test_blanks_as_wide_as_the_first_prompt(server, tmp_path):
    env = environment(tmp_path, PGHOST=str(server.dir), PGUSER="tester",
                      PGDATABASE="postgres")
    texts = []
    link = tmp_path / "psql"
    link.symlink_to(os.path.abspath(REDSH))
    for program in (PSQL, str(link)):
        child = pexpect.spawn(program, ["-X", "-q", "-n", "-v",
                                        "PROMPT1=%/> ", "-v",
                                        "PROMPT2=%w| "],
                              env=env, timeout=PATIENCE, encoding="utf-8")
        child.expect("postgres> ")
        child.sendline("select 1")
        child.expect(re.escape("| "))
        texts.append(child.before + child.after)
        child.sendline(";\r\\q")
        child.expect(pexpect.EOF)
    assert texts[1] == texts[0]
    assert texts[0].endswith(" " * len("postgres> ") + "| ")


def test_the_service_stands_for_s(server, tmp_path):
    (tmp_path / "services").write_text("[mine]\nuser=tester\n")
    env = environment(tmp_path, PGHOST=str(server.dir), PGDATABASE="postgres",
                      PGSERVICEFILE=str(tmp_path / "services"))
    child = pexpect.spawn(REDSH, ["-X", "-q", "-n", "-v",
                                  "PROMPT1=<%s>%/> ", "service=mine"],
                          env=env, timeout=PATIENCE, encoding="utf-8")
    child.expect("<mine>postgres> ")
    child.sendline("\\q")
    child.expect(pexpect.EOF)
