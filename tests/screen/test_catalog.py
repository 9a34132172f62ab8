"""What Tab knows without asking the server: this session's own relations."""

import pytest

from terminal import CTRL_C, TAB

LEFT = "\x1b[D"
PROMPT = r"^dev=\*?[#>] ?$"


@pytest.fixture
def term(sandbox):
    sandbox.redsh("-q", "-c", "create table if not exists base_table"
                  " (base_id int, label varchar(10))")
    with sandbox.terminal("-X") as terminal:
        terminal.wait_for_line("dev=#")
        complete(terminal, "select * from base_t",
                 "dev=# select * from base_table")
        yield terminal


def run(term, sql, tag):
    term.line(sql)
    term.wait_for(tag)
    term.wait_for_prompt(PROMPT)


def complete(term, typed, expected):
    term.send(typed + TAB)
    term.wait_for_line(expected)
    term.send(CTRL_C)
    term.wait_for_prompt(PROMPT)


def test_tab_knows_a_temporary_table(term):
    run(term, "create temp table zebra (stripe_count int);", "CREATE TABLE")
    complete(term, "select * from zeb", "dev=# select * from zebra")
    complete(term, "select stripe from zebra" + LEFT * len(" from zebra"),
             "dev=# select stripe_count from zebra")


def test_tab_knows_a_table_made_from_a_query(term):
    run(term, "create table #clone as select base_id as copy_id, label"
        " from base_table;", "SELECT")
    complete(term, "select copy from #clone" + LEFT * len(" from #clone"),
             "dev=# select copy_id from #clone")


def test_tab_knows_what_is_not_committed_until_it_is_undone(term):
    run(term, "begin;", "BEGIN")
    run(term, "create table yonder (distance_km int);", "CREATE TABLE")
    run(term, "alter table yonder add column height_m int;", "ALTER TABLE")
    complete(term, "drop table yond", "dev=*# drop table yonder")
    complete(term, "select height from yonder" + LEFT * len(" from yonder"),
             "dev=*# select height_m from yonder")
    run(term, "rollback;", "ROLLBACK")
    term.send("drop table yond" + TAB + "x")
    term.wait_for_line("dev=# drop table yondx")


def test_tab_follows_the_search_path(term, sandbox):
    sandbox.redsh("-q", "-c", "create schema if not exists hidden_place",
                  "-c", "create table if not exists"
                  " hidden_place.grotto (depth_m int)")
    run(term, "\\refresh", "Tab knows")
    run(term, "set search_path to hidden_place;", "SET")
    complete(term, "select depth from grotto" + LEFT * len(" from grotto"),
             "dev=# select depth_m from grotto")
