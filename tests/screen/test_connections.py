"""Saved connections at a terminal: production shows and asks; Tab."""

import os

import pytest

from terminal import REDSH, TAB, Terminal


@pytest.fixture
def start(server, local_env):
    folder = os.path.join(local_env["HOME"], ".config", "redsh")
    os.makedirs(folder)
    with open(os.path.join(folder, "connections.conf"), "w",
              encoding="utf-8") as file:
        file.write(f"[prod]\nhost = {server.dir}\nuser = tester\n"
                   "dbname = postgres\nproduction = true\n"
                   f"[spare]\nhost = {server.dir}\nuser = tester\n"
                   "dbname = postgres\n")

    def begin(*arguments):
        return Terminal([REDSH, "-X", "--plain", *arguments], local_env)
    return begin


def test_production_shows_and_asks(start):
    with start("@prod") as term:
        term.wait_for("@prod PRODUCTION postgres=#")
        term.line("create table kept(a int); insert into kept values (1),(2);"
                  " analyze kept;")
        term.wait_for("ANALYZE")
        term.line("delete from kept;")
        term.wait_for("PRODUCTION: DELETE of kept (about 2 rows) without WHERE."
                      " Type kept to go on:")
        term.line("no")
        term.wait_for("Not sent.")
        term.line("table kept;")
        term.wait_for("(2 rows)")
        term.line("drop table public.kept;")
        term.wait_for("Type public.kept to go on:")
        term.line("kept")
        term.wait_for("DROP TABLE")


def test_tab_completes_names_and_the_mark_goes_with_the_connection(start):
    with start("@spare") as term:
        term.wait_for_line("postgres=#")
        term.send("\\c @pr" + TAB)
        term.wait_for_line("postgres=# \\c @prod")
        term.send("\r")
        term.wait_for("@prod PRODUCTION postgres=#")
        term.line("\\c @spare")
        term.wait_until(lambda: term.cursor_line() == "postgres=#",
                        "the mark stays")
