"""Tab: tables, columns, commands, buckets and keys."""

import os

import pytest

from terminal import CTRL_C, TAB, environment

LEFT = "\x1b[D"

TABLES = """
create table sales (sale_id int, amount numeric(8,2), sold date)
    distkey (sale_id) sortkey (sold);
create table stores (store_id int, city varchar(40));
create table "odd name" (a int);
create schema attic;
create table attic.dusty (grime int);
"""

HOSTILE = ["x back`touch pwned`", "x quo'te", "x dou\"ble", "x slash\\b",
           "x co:lon:'x'", "x pi|pe", "x new\nline", "x semi;colon"]


@pytest.fixture(scope="module")
def store(sandbox, home):
    """Tables, buckets and keys, made without a terminal."""
    sandbox.redsh("-q", "-f", "-", text=TABLES)
    local = os.path.join(home, "one.csv")
    with open(local, "w", encoding="utf-8") as file:
        file.write("1,2.50,2026-01-01\n")
    commands = ["\\s3mb s3://tick-one", "\\s3mb s3://tock-two"]
    for key in ["sales/2026.csv", "sales/2025.csv", "plain.csv"] + HOSTILE:
        quoted = (key.replace("\\", "\\\\").replace("'", "''")
                  .replace("\n", "\\n"))
        commands.append(f"\\s3put {local} 's3://tick-one/{quoted}'")
    sandbox.redsh("-q", "-f", "-", text="\n".join(commands) + "\n")
    return sandbox


@pytest.fixture
def term(store):
    with store.terminal("-X") as terminal:
        terminal.wait_for_line("dev=#")
        yield terminal


def complete(term, typed, expected):
    """Types, presses Tab, and waits for the line."""
    term.send(typed + TAB)
    term.wait_for_line("dev=# " + expected)


def test_tab_completes_a_table(term):
    complete(term, "select * from stor", "select * from stores")


def test_tab_quotes_a_name_that_needs_it(term):
    complete(term, "select * from odd", "select * from \"odd name\"")


def test_tab_completes_a_column_after_an_alias(term):
    term.send("select x.am from sales x" + LEFT * len(" from sales x") + TAB)
    term.wait_for_line("dev=# select x.amount from sales x")


def test_tab_completes_a_column_of_an_earlier_line(term):
    term.line("select * from stores s")
    term.wait_for_line("dev-#")
    term.send("where s.ci" + TAB)
    term.wait_for_line("dev-# where s.city")


def test_tab_completes_a_schema_and_its_tables(term):
    complete(term, "select * from att", "select * from attic.")
    term.send("du" + TAB)
    term.wait_for_line("dev=# select * from attic.dusty")


def test_tab_lists_what_is_ambiguous(term):
    term.send("select * from s" + TAB + TAB)
    term.wait_for("sales")
    term.wait_for("stores")


def test_tab_completes_keywords_in_the_case_that_is_typed(term):
    complete(term, "SELEC", "SELECT")


def test_tab_completes_a_table_made_a_moment_ago(term):
    term.line("create table brandnew (b int);")
    term.wait_for("CREATE TABLE")
    term.wait_for_line("dev=#")
    complete(term, "drop table brandn", "drop table brandnew")
    term.line(";")
    term.wait_for("DROP TABLE")


def test_refresh_finds_what_another_session_made(store):
    with store.terminal("-X") as term:
        term.wait_for_line("dev=#")
        complete(term, "select * from stor", "select * from stores")
        term.send(CTRL_C)
        store.redsh("-q", "-c", "create table elsewhere (e int)")
        term.line("\\refresh")
        term.wait_for("Tab knows")
        term.wait_for_line("dev=#")
        complete(term, "select * from elsew", "select * from elsewhere")


def test_tab_completes_the_words_of_copyfrom(term):
    complete(term, "\\copyfrom stor", "\\copyfrom stores")
    term.send(" s3://tick-one/pl" + TAB)
    term.wait_for_line("dev=# \\copyfrom stores s3://tick-one/plain.csv")
    term.send("ignorehe" + TAB)
    term.wait_for_line("dev=# \\copyfrom stores s3://tick-one/plain.csv "
                       "ignoreheader")


def test_tab_completes_what_goes_with_the_format(term):
    complete(term, "copy stores from 's3://tick-one/' iam_r",
             "copy stores from 's3://tick-one/' iam_role")
    term.send("defau" + TAB)
    term.wait_for_line("dev=# copy stores from 's3://tick-one/' "
                       "iam_role default")
    term.send("csv ignoreh" + TAB)
    term.wait_for_line("dev=# copy stores from 's3://tick-one/' "
                       "iam_role default csv ignoreheader")


def test_tab_completes_inside_the_query_of_unload(term):
    complete(term, "unload ('select * from store",
             "unload ('select * from stores")


def test_tab_completes_values_of_settings(term):
    complete(term, "set timezone to 'Europe/Zur",
             "set timezone to 'Europe/Zurich'")


def test_tab_completes_columns_that_are_being_made(term):
    complete(term, "create table t (abc int, def int) distkey (ab",
             "create table t (abc int, def int) distkey (abc")


def test_tab_completes_topics_and_databases(term):
    complete(term, "\\h refr", "\\h refresh materialized view")


def test_tab_completes_a_meta_command(term):
    complete(term, "\\conninf", "\\conninfo")


def test_tab_completes_a_described_table(term):
    complete(term, "\\d stor", "\\d stores")


def test_tab_completes_a_local_path(store, home):
    with store.terminal("-X", cwd=home) as term:
        term.wait_for_line("dev=#")
        complete(term, "\\i one", "\\i one.csv")


def test_tab_completes_a_bucket(term):
    complete(term, "\\s3ls s3://tic", "\\s3ls s3://tick-one/")


def test_tab_completes_a_key_inside_s3ls(term):
    complete(term, "\\s3ls s3://tick-one/pl",
             "\\s3ls s3://tick-one/plain.csv")


def test_tab_goes_down_a_folder(term):
    complete(term, "\\s3ls s3://tick-one/sa", "\\s3ls s3://tick-one/sales/")
    term.send("2025" + TAB)
    term.wait_for_line("dev=# \\s3ls s3://tick-one/sales/2025.csv")


def test_tab_completes_a_key_inside_copy(term):
    complete(term, "copy sales from 's3://tick-one/pl",
             "copy sales from 's3://tick-one/plain.csv'")


def test_what_tab_completes_loads(term):
    complete(term, "copy sales from 's3://tick-one/pl",
             "copy sales from 's3://tick-one/plain.csv'")
    term.line("iam_role default csv;")
    term.wait_for_pattern(r"^COPY")
    term.line("select count(*) as loaded from sales;")
    term.wait_for("(1 row)")


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_key_completes_safely(store, home, key):
    typed = key[:4].replace("'", "''").replace("\\", "\\\\")
    with store.terminal("-X", cwd=home, columns=120) as term:
        term.wait_for_line("dev=#")
        term.send(f"\\s3cat 's3://tick-one/{typed}" + TAB)
        term.wait_until(lambda: term.cursor_line().endswith("'"),
                        "no closing quote")
        # A newline stands as an escape: the line is still one line.
        assert term.cursor_line().startswith("dev=# \\s3cat 's3://tick-one/x")
        term.send("\r")
        term.wait_for("1,2.50,2026-01-01")
        term.wait_for_line("dev=#")
    assert not os.path.exists(os.path.join(home, "pwned"))


def test_ctrl_c_ends_the_wait_for_a_listing(store, home):
    # Nothing answers at this endpoint, and Tab must not hold the line.
    env = environment(home, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    with store.terminal("-X", "--endpoint-url", "http://127.0.0.1:9",
                        env=env) as term:
        term.wait_for_line("dev=#")
        term.send("\\s3ls s3://nowhere/x" + TAB + "y")
        term.wait_for_line("dev=# \\s3ls s3://nowhere/xy")
        term.send(CTRL_C)
        term.wait_for_line("dev=#")
        term.line("select 1 as one;")
        term.wait_for("(1 row)")


def test_a_folder_of_s3_is_listed_when_it_comes(term):
    term.send("\\s3ls s3://tick-one/" + TAB)
    term.wait_for_pattern("^ .*plain.csv")
    term.wait_for_pattern("^ .*sales/")
    # Others of these keys need quotes.
    term.send("pl" + TAB)
    term.wait_for_line("dev=# \\s3ls 's3://tick-one/plain.csv'")


def test_what_is_said_of_candidates_takes_the_room_that_is_there(term):
    term.send("\\copyfrom --" + TAB + TAB)
    term.wait_for("--by-name")
    term.wait_for("columns by the names in the file's header")


def test_the_table_that_was_meant_is_told(term):
    complete(term, "select * from stor", "select * from stores")
    term.send(CTRL_C)
    term.wait_for_line("dev=#")
    term.line("select * from salse;")
    term.wait_for('relation "salse" does not exist')
    term.wait_for("HINT:  did you mean sales?")
    term.line("select * from nothing_like_it;")
    term.wait_for('relation "nothing_like_it" does not exist')
    term.wait_for_line("dev=#")
    assert term.text().count("did you mean") == 1
