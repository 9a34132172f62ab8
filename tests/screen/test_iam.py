"""Logins by IAM at a terminal: a lost session comes back by itself."""

import shlex

import pytest

from terminal import REDSH, Terminal, environment

NAME = "redsh-sandbox"


@pytest.fixture
def iam_env(sandbox, home):
    """AWS of the sandbox, and no word of its database."""
    words = shlex.split(sandbox.run("env", "--dir", sandbox.folder))
    said = dict(word.split("=", 1) for word in words if "=" in word)
    return environment(home, **{
        name: value for name, value in said.items()
        if name.startswith("AWS") or name == "PGSSLROOTCERT"})


def test_a_lost_session_is_made_again_with_a_new_password(sandbox, iam_env):
    with Terminal([REDSH, "-X", "--plain", "--cluster", NAME], iam_env) as term:
        term.wait_for_prompt()
        sandbox.run("expire", "--dir", sandbox.folder)
        term.line("select pg_terminate_backend(pg_backend_pid());")
        term.wait_for("Attempting reset: Succeeded.")
        term.wait_for_prompt()
        term.line("select 'i am ' || current_user as who;")
        term.wait_for("i am sandbox")
        assert "assword" not in term.text()


def test_a_refused_renewal_says_why(sandbox, iam_env):
    denied = f"{sandbox.folder}/denied.tsv"
    with Terminal([REDSH, "-X", "--plain", "--cluster", NAME], iam_env) as term:
        term.wait_for_prompt()
        # Denied first: Tab's connection renews what has expired as well.
        with open(denied, "w", encoding="utf-8") as file:
            file.write("action\tresource\n*\t*\n")
        sandbox.run("expire", "--dir", sandbox.folder)
        try:
            term.line("select pg_terminate_backend(pg_backend_pid());")
            term.wait_for("access denied")
            term.wait_for("You are offline now")
        finally:
            open(denied, "w", encoding="utf-8").close()
