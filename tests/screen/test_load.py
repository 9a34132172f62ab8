"""\\copyfrom at a terminal: preview, question, the explained failure."""

import os

import pytest

from terminal import TAB

ROWS = 3000
FAULT = 2345		# the line; line 1 is the header


def faulty():
    lines = ["id,day,qty"]
    for i in range(1, ROWS + 1):
        lines.append(f"{i},1/{1 + i % 28}/2024,{i % 7}")
    lines[FAULT - 1] = lines[FAULT - 1].rsplit(",", 1)[0] + ",four"
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def store(sandbox, home):
    local = os.path.join(home, "sales.csv")
    good = os.path.join(home, "good.csv")
    with open(local, "w", encoding="utf-8") as file:
        file.write(faulty())
    with open(good, "w", encoding="utf-8") as file:
        file.write("id,day,qty\n1,1/31/2024,5\n2,2/1/2024,3\n")
    sandbox.redsh("-q", "-f", "-", text=f"""
create table sales (id int, day date, qty smallint);
\\s3mb s3://load
\\s3put {local} s3://load/sales.csv
\\s3put {good} s3://load/good.csv
""")
    return sandbox


@pytest.fixture
def term(store, tmp_path):
    # A history of its own: nothing that an earlier test typed is suggested.
    env = dict(store.env, XDG_STATE_HOME=str(tmp_path))
    with store.terminal("-X", env=env, rows=48, columns=110) as terminal:
        terminal.wait_for_line("dev=#")
        yield terminal


def explained(term):
    term.wait_for(f"s3://load/sales.csv, line {FAULT}")
    term.wait_for("column  qty  int2")
    term.wait_for("value   four")
    lines = term.lines()
    at = next(i for i, line in enumerate(lines)
              if line.startswith(f">     {FAULT} | 2344,1/21/2024,four"))
    assert lines[at + 1].rstrip() == " " * 28 + "^^^^"
    term.wait_for("cure    the column is a number")


def test_the_statement_is_shown_and_asked_about(term, store):
    term.line("\\copyfrom sales s3://load/good.csv")
    term.wait_for("1 object, ")
    term.wait_for("sample")
    term.wait_for("copy sales")
    term.wait_for("dateformat 'MM/DD/YYYY'")
    term.wait_for("Run it?")
    term.line("n")
    term.wait_for_line("dev=#")
    assert store.redsh("-Atqc", "select count(*) from sales").strip() == "0"
    term.line("\\copyfrom sales s3://load/good.csv --yes")
    term.wait_for("2 rows from 1 file")
    term.wait_for_line("dev=#")
    assert store.redsh("-Atqc", "select count(*) from sales").strip() == "2"


def test_a_failed_load_is_explained_on_the_screen(term):
    term.line("\\copyfrom sales s3://load/sales.csv")
    term.wait_for("Run it?")
    term.line("y")
    explained(term)
    term.wait_for_line("dev=#")


def test_a_failed_copy_inside_a_block_is_explained_too(term):
    term.line("begin;")
    term.wait_for_line("dev=*#")
    term.line("copy sales from 's3://load/sales.csv' iam_role default "
              "csv ignoreheader 1 dateformat 'auto';")
    explained(term)
    term.wait_for_line("dev=!#")
    term.line("rollback;")
    term.wait_for_line("dev=#")


def test_tab_completes_table_key_and_parameter_of_copyfrom(term):
    term.send("\\copyfrom sal" + TAB)
    term.wait_for_line("dev=# \\copyfrom sales")
    term.send(" s3://load/go" + TAB)
    term.wait_for_line("dev=# \\copyfrom sales s3://load/good.csv")
    term.send("csv ignorehe" + TAB)
    term.wait_for_line("dev=# \\copyfrom sales s3://load/good.csv "
                       "csv ignoreheader")


def test_fields_that_go_astray_are_shown_as_a_map(term, store):
    store.redsh("-q", "-f", "-", text="""
create table swapped (day date, id int, more int);
""")
    term.line("\\copyfrom swapped s3://load/good.csv")
    term.wait_for("Where the fields go")
    term.wait_for("Run it? [y/N]")
    rows = [[cell.strip() for cell in line.split("│")]
            for line in term.lines() if "│" in line]
    assert ["id", "day", "date", "named as another column"] in rows
    assert ["day", "id", "integer", "named as another column"] in rows
    assert ["qty", "more", "integer", "another name"] in rows
    term.line("n")
    term.wait_for_line("dev=#")
