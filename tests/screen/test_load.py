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
    lines = term.lines()
    at = next(i for i, line in enumerate(lines)
              if line.startswith(f">     {FAULT} | 2344,1/21/2024,four"))
    assert lines[at + 1].rstrip() == " " * 28 + "^^^^"
    term.wait_for("why     the column takes numbers only")
    term.wait_for(f"cure    maxerror 2: line {FAULT} is left out, of 3,000")


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
    term.wait_for("\\copyfrom sales s3://load/sales.csv maxerror 2")
    term.wait_for("Run again with maxerror 2? [y/N]")
    term.line("")
    term.wait_for_line("dev=#")
    assert "2,999 rows" not in term.text()


def test_the_cure_is_run_when_the_answer_is_yes(term, store):
    before = int(store.redsh("-Atqc", "select count(*) from sales"))
    term.line("\\copyfrom sales s3://load/sales.csv")
    term.wait_for("Run it?")
    term.line("y")
    term.wait_for("Run again with maxerror 2? [y/N]")
    term.line("y")
    term.wait_for("2,999 rows from 1 file")
    term.wait_for_line("dev=#")
    assert int(store.redsh("-Atqc", "select count(*) from sales")) == \
        before + 2999


def test_the_cure_of_a_typed_copy_is_offered_step_by_step(term, store):
    store.redsh("-q", "-f", "-", text="""
create table days (id smallint, day varchar(5), qty varchar(1));
""")
    copy = "copy days from 's3://load/sales.csv' iam_role default"
    term.line(copy + ";")
    term.wait_for("Run again with csv ignoreheader 1? [y/N]")
    term.line("y")
    term.wait_for("alter table days alter column day type varchar(9);")
    term.wait_for("alter table days alter column qty type varchar(4);")
    term.wait_for(copy + " csv ignoreheader 1;")
    term.wait_for("Run these 3 lines? [y/N]")
    term.line("y")
    term.wait_for("3000 record(s) loaded successfully")
    term.wait_for_line("dev=#")
    assert store.redsh("-Atqc", "select count(*), max(qty) from days"
                       " where day = '1/1/2024'").strip() == "107|0"


def test_ctrl_c_at_the_offer_returns_to_the_prompt(term):
    term.line("copy days from 's3://load/good.csv' iam_role default;")
    term.wait_for("[y/N]")
    term.send("\x03")
    term.wait_for_line("dev=#")
    term.line("select 40 + 2 as answer;")
    term.wait_for("42")


def test_loaderrors_explains_at_a_terminal_and_lists_by_number(term):
    term.line("copy sales from 's3://load/sales.csv' iam_role default csv "
              "ignoreheader 1 dateformat 'auto';")
    term.wait_for("Run again with maxerror 2? [y/N]")
    term.line("n")
    term.wait_for_line("dev=#")
    term.send("\x0c")
    term.line("\\loaderrors sales")
    term.wait_for("query ")
    explained(term)
    term.wait_for("copy sales from 's3://load/sales.csv' iam_role default csv "
                  "ignoreheader 1")
    term.wait_for_line("dev=#")
    assert "[y/N]" not in term.text()
    term.line("\\loaderrors 1")
    term.wait_for("Invalid digit, Value 'f', Pos 0, Type: Short")
    term.wait_for_line("dev=#")


def test_a_failed_copy_inside_a_block_is_explained_too(term):
    term.line("begin;")
    term.wait_for_line("dev=*#")
    term.line("copy sales from 's3://load/sales.csv' iam_role default "
              "csv ignoreheader 1 dateformat 'auto';")
    explained(term)
    term.wait_for("the block is aborted: rollback ends it")
    term.wait_for("rollback;")
    term.wait_for_line("dev=!#")
    assert "[y/N]" not in term.text()
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
