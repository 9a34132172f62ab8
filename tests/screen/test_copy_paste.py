"""COPY ... FROM STDIN pasted together with its data, as scripts have it."""

import subprocess

import pytest

from terminal import CTRL_C, PASTE_END, PASTE_START, REDSH, UP, Terminal

PROMPT = "postgres=#"


@pytest.fixture
def term(local_env):
    with Terminal([REDSH, "-X"], local_env) as terminal:
        terminal.wait_for_line(PROMPT)
        terminal.line("create temp table t (a int, b text);")
        terminal.wait_for("CREATE TABLE")
        terminal.wait_for_line(PROMPT)
        yield terminal


def paste(term, text):
    term.send(PASTE_START + text.replace("\n", "\r") + PASTE_END)


def rows(term):
    """What stands in the table, as the screen shows it."""
    term.line(r"select a || '=' || b as kept from t order by a \g (format=csv)")
    term.wait_for("\nkept\n")
    term.wait_until(lambda: term.cursor_line() == PROMPT, "no prompt")
    shown = term.text().split("\nkept\n")[-1].splitlines()
    return [line for line in shown if "=" in line and PROMPT not in line]


DATA = "1\tit's; drop table t;\n2\t\\\\backslash\n3\tselect 'x\n"


def test_data_that_look_like_sql_are_copied(term):
    paste(term, "copy t from stdin;\n" + DATA + "\\.\nselect 'behind' || '!';")
    term.wait_for("'behind'")
    term.send("\r")
    term.wait_for(" behind!")
    term.wait_for_line(PROMPT)
    assert "COPY 3" in term.text()
    assert "Enter data" not in term.text()
    assert rows(term) == ["1=it's; drop table t;", "2=\\backslash",
                          "3=select 'x"]


def test_enter_among_the_data_goes_on_in_them(term):
    paste(term, "copy t from stdin;\n7\tseven;")
    term.wait_for("seven;")
    term.send("\r")
    term.send("8\\tno tab, so a backslash\r\\.\r")
    term.wait_for("COPY t, line 2")
    term.wait_for_line(PROMPT)
    paste(term, "copy t from stdin (delimiter ',');\n7,seven;")
    term.wait_for("7,seven;")
    term.send("\r8,eight\r\\.\r")
    term.wait_for("COPY 2")
    term.wait_for_line(PROMPT)
    assert rows(term) == ["7=seven;", "8=eight"]


def test_data_of_a_copy_that_is_refused_are_no_statements(term):
    paste(term, "copy missing from stdin;\nselect 'run' || 'ning';\n\\.\n"
                "select 'af' || 'ter';")
    term.wait_for("'ter'")
    term.send("\r")
    term.wait_for(" after")
    term.wait_for_line(PROMPT)
    assert 'relation "missing" does not exist' in term.text()
    assert " running" not in term.text()


def test_backslash_copy_takes_them_too(term):
    paste(term, "\\copy t from stdin csv\n1,\"a;\"\n2,b\n\\.\n")
    term.wait_for("2,b")
    term.send("\r")
    term.wait_for("COPY 2")
    term.wait_for_line(PROMPT)
    assert rows(term) == ["1=a;", "2=b"]


def test_the_history_keeps_the_statement_alone(term, local_env):
    paste(term, "copy t from stdin;\n1\tsecret\n\\.\n")
    term.wait_for("secret")
    term.send("\r")
    term.wait_for("COPY 1")
    term.wait_for_line(PROMPT)
    term.send(UP)
    term.wait_for_line(f"{PROMPT} copy t from stdin;")
    term.send(CTRL_C)
    term.wait_for_line(PROMPT)
    told = subprocess.run([REDSH, "-X", "-c", r"\history"], env=local_env,
                          capture_output=True, text=True, check=True).stdout
    assert "copy t from stdin;" in told and "secret" not in told


def test_a_typed_copy_still_asks(term):
    term.line("copy t from stdin;")
    term.wait_for("End with a backslash and a period")
    term.send("5\tfive\r\\.\r")
    term.wait_for("COPY 1")
    term.wait_for_line(PROMPT)
    assert rows(term) == ["5=five"]


def test_redshift_refuses_it_and_the_data_are_no_statements(sandbox):
    with sandbox.terminal("-X") as term:
        term.wait_for_prompt()
        paste(term, "copy users from stdin;\n1\tselect 'run' || 'ning';\n"
                    "select 'run' || 'ning';\n\\.\n")
        term.wait_for("\\.")
        term.send("\r")
        term.wait_for("2 lines of COPY data were passed over")
        term.wait_for_prompt()
        assert "ERROR" in term.text()
        assert "running" not in term.text()
