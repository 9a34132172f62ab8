"""What Tab knows without asking the server: this session's own relations."""

import glob
import sqlite3

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


def test_a_grant_reads_the_privileges_again(term, sandbox):
    caches = glob.glob(f"{sandbox.env['HOME']}/.cache/redsh/*.db")
    assert len(caches) == 1

    def acl():
        base = sqlite3.connect(caches[0])
        try:
            return str(base.execute("select acl from relations where name ="
                                    " 'base_table'").fetchall())
        finally:
            base.close()

    run(term, "create user grantee password 'Abcdef12';", "CREATE USER")
    run(term, "\\refresh", "Tab knows")
    assert "grantee" not in acl()
    run(term, "grant select on base_table to grantee;", "GRANT")
    term.wait_until(lambda: "grantee=r" in acl(), "privileges are old")
    complete(term, "select base_i from base_table" + LEFT * 16,
             "dev=# select base_id from base_table")
    run(term, "revoke all on base_table from grantee;", "REVOKE")
    term.wait_until(lambda: "grantee" not in acl(), "privileges are old")
    run(term, "drop user grantee;", "DROP USER")
