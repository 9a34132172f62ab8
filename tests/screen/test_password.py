"""\\password: what is typed is never shown, a hash is sent, and one that libpq
can log in with: a user with a SHA-256 password is asked for authentication 13,
which libpq does not know."""

import pytest

from terminal import Sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    running = Sandbox(tmp_path_factory.mktemp("sandbox"),
                      tmp_path_factory.mktemp("home"))
    running.redsh("-c", "create user ann password 'OldPassword1'")
    yield running
    running.stop()


def logs_in(sandbox, password, home):
    with sandbox.terminal("-U", "ann", "-W", "-c", "select current_user") as term:
        term.wait_for("Password")
        term.line(password)
        return term.wait_for_end() == 0


def test_a_new_password_is_set(sandbox, tmp_path):
    log = tmp_path / "log"
    with sandbox.terminal("-L", str(log)) as term:
        term.wait_for_prompt()
        term.line(r"\password ann")
        term.wait_for('Enter new password for user "ann":')
        term.line("NewPassword2")
        term.wait_for("Enter it again:")
        term.line("NewPassword2")
        term.wait_for_prompt()
        assert "NewPassword2" not in term.text()
    assert "NewPassword2" not in log.read_text()
    assert logs_in(sandbox, "NewPassword2", tmp_path)
    assert not logs_in(sandbox, "OldPassword1", tmp_path)


def test_two_different_ones_change_nothing(sandbox, tmp_path):
    with sandbox.terminal() as term:
        term.wait_for_prompt()
        term.line(r"\password ann")
        term.wait_for("Enter new password")
        term.line("One12345")
        term.wait_for("Enter it again")
        term.line("Two12345")
        term.wait_for("Passwords didn't match.")
    assert logs_in(sandbox, "NewPassword2", tmp_path)
