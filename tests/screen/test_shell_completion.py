"""Tab in bash, zsh and fish: the names of saved connections."""

import os
import shutil
import subprocess

import pytest

from terminal import TAB, Terminal, environment

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
CONNECTIONS = "# mine\n[sales]\nhost = a\n[stock]\nhost = b\n"


@pytest.fixture
def env(tmp_path):
    folder = tmp_path / ".config/redsh"
    folder.mkdir(parents=True)
    (folder / "connections.conf").write_text(CONNECTIONS)
    return environment(tmp_path, PS1="> ")


def need(shell):
    if shutil.which(shell) is None:
        pytest.skip("no " + shell)


@pytest.mark.parametrize("breaks", ["", "COMP_WORDBREAKS=${COMP_WORDBREAKS//@}"])
def test_bash(env, breaks):
    need("bash")
    with Terminal(["bash", "--norc", "--noprofile", "-i"], env) as term:
        term.wait_until(lambda: term.cursor_line().endswith(">"), "no prompt")
        term.line(f". {TOP}/completions/redsh.bash; {breaks} PS1='= '")
        term.wait_for_line("=")
        term.send("redsh @sa" + TAB)
        term.wait_for_line("= redsh @sales")
        term.send("\x15redsh @st" + TAB)
        term.wait_for_line("= redsh @stock")
        term.send("\x15redsh @" + TAB + "to" + TAB)
        term.wait_for_line("= redsh @sto")


def test_fish(env):
    need("fish")
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source {TOP}/completions/redsh.fish; "
         "complete -C 'redsh @s'"], env=env, capture_output=True, text=True,
        check=False)
    names = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert names == ["@sales", "@stock"], done.stderr


def test_zsh(env, tmp_path):
    need("zsh")
    (tmp_path / ".zshrc").write_text(
        f"fpath=({TOP}/completions $fpath)\nautoload -U compinit\n"
        "compinit -u -D\nPS1='= '\n")
    with Terminal(["zsh", "-i"], env) as term:
        term.wait_for_line("=")
        term.send("redsh @sa" + TAB)
        term.wait_for_line("= redsh @sales")
