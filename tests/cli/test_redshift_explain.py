"""EXPLAIN in Redshift's form: c-the-query-plan, c_data_redistribution and
r_EXPLAIN say what the steps and the movements of rows are called."""

import re

import psycopg2
import pytest

from sandbox_server import Sandbox

SETUP = [
    "create table sales (salesid int, listid int, eventid int, catid int,"
    " qty smallint, paid decimal(8,2)) distkey(listid) sortkey(listid)",
    "create table listing (listid int, eventid int, note varchar(10))"
    " distkey(listid) sortkey(listid)",
    "create table event (eventid int, name varchar(40), catid int)"
    " diststyle even",
    "create table venue (eventid int, name varchar(40)) diststyle even",
    "create table cat (catid int, name varchar(20)) diststyle all",
    "create table show (eventid int, name varchar(40)) distkey(eventid)",
]


@pytest.fixture(scope="module")
def cursor():
    running = Sandbox()
    connection = running.connect()
    made = connection.cursor()
    for sql in SETUP:
        made.execute(sql)
    made.execute("insert into sales select a.n, b.n, a.n, b.n, 1, 2 from"
                 " (select 1 as n union select 2 union select 3 union"
                 "  select 4 union select 5 union select 6) a,"
                 " (select 1 as n union select 2 union select 3 union"
                 "  select 4 union select 5 union select 6) b")
    made.execute("insert into sales select * from sales")
    made.execute("insert into sales select * from sales")
    for name in ("event", "venue"):
        made.execute(f"insert into {name} (eventid, name) values (1, 'a'),"
                     " (2, 'b')")
    made.execute("insert into show values (1, 'a'), (2, 'b')")
    made.execute("insert into cat values (1, 'a')")
    made.execute("insert into listing values (1, 1, 'a'), (2, 2, 'b')")
    made.execute("analyze")
    yield made
    connection.close()
    running.stop()


def explained(cursor, sql):
    """Its lines; numbers of costs, rows and widths left out."""
    cursor.execute("explain " + sql)
    assert [column.name for column in cursor.description] == ["QUERY PLAN"]
    assert cursor.statusmessage == "EXPLAIN"
    lines = [row[0] for row in cursor.fetchall()]
    for line in lines:
        if re.search(r"(XN|LD) ", line):
            assert re.search(
                r"  \(cost=\d+\.\d\d\.\.\d+\.\d\d rows=\d+ width=\d+\)$",
                line), line
    return [re.sub(r"  \(cost=.*\)$", "", line) for line in lines]


SCAN = "XN Seq Scan on "
PLANS = [
    ("select * from sales where qty > 3 and paid < 10",
     [SCAN + "sales",
      "  Filter: ((qty > 3) AND (paid < '10'::numeric))"]),
    ("select eventid, count(*) from sales group by eventid",
     ["XN HashAggregate", "  ->  " + SCAN + "sales"]),
    ("select count(*) from sales s",
     ["XN Aggregate", "  ->  " + SCAN + "sales s"]),
    ("select eventid, sum(qty) as q from sales group by eventid"
     " order by q desc limit 3",
     ["XN Limit",
      "  ->  XN Merge",
      "        Merge Key: sum(qty)",
      "        ->  XN Network",
      "              Send to leader",
      "              ->  XN Sort",
      "                    Sort Key: sum(qty)",
      "                    ->  XN HashAggregate",
      "                          ->  " + SCAN + "sales"]),
    # both lie and are sorted by the column
    ("select 1 from sales s join listing l on s.listid = l.listid",
     ["XN Merge Join DS_DIST_NONE",
      '  Merge Cond: ("outer".listid = "inner".listid)',
      "  ->  " + SCAN + "sales s", "  ->  " + SCAN + "listing l"]),
    ("select rank() over (partition by eventid order by qty) from sales",
     ["XN Window",
      "  ->  XN Sort",
      "        Sort Key: eventid, qty",
      "        ->  XN Network",
      "              Distribute",
      "              ->  " + SCAN + "sales"]),
    ("select eventid from event union all select eventid from show",
     ["XN Append",
      '  ->  XN Subquery Scan "*SELECT* 1"',
      "        ->  " + SCAN + "event",
      '  ->  XN Subquery Scan "*SELECT* 2"',
      "        ->  " + SCAN + "show"]),
    ("select * from event where catid > (select avg(catid) from cat)",
     [SCAN + "event",
      "  Filter: (catid > $0)",
      "  InitPlan",
      "  ->  XN Aggregate",
      "        ->  " + SCAN + "cat"]),
    ("insert into event select eventid, name, 1 from venue",
     [SCAN + "venue"]),
    ("insert into cat values (1, 'a')", ["XN Result"]),
    ("update sales set qty = 1 where qty = 2",
     [SCAN + "sales", "  Filter: (qty = 2)"]),
    ("delete from sales", [SCAN + "sales"]),
    ("create table made distkey(eventid) as select * from event",
     [SCAN + "event"]),
    ("select * into made from event", [SCAN + "event"]),
    # the leader node alone
    ("select 1", ["Result"]),
]


@pytest.mark.parametrize("sql, plan", PLANS, ids=lambda value: str(value)[:40])
def test_plan(cursor, sql, plan):
    assert explained(cursor, sql) == plan


JOINS = [  # from, movement, lines of keys
    ("sales s join event e on s.eventid = e.eventid",
     "Hash Join DS_BCAST_INNER", []),
    ("sales s join show e on s.eventid = e.eventid",
     "Hash Join DS_BCAST_INNER", []),
    ("show s join sales e on s.eventid = e.eventid",
     "Hash Join DS_BCAST_INNER", []),
    ("event a join venue b on a.eventid = b.eventid",
     "Hash Join DS_BCAST_INNER", []),
    ("event e full join venue v on e.eventid = v.eventid",
     "Hash Full Join DS_DIST_BOTH", ["Outer Dist Key", "Inner Dist Key"]),
    ("show e full join venue v on e.eventid = v.eventid",
     "Hash Full Join", ["Dist Key"]),
    ("sales s join cat c on s.catid = c.catid",
     "Hash Join DS_DIST_ALL_NONE", []),
    ("cat c join sales s on s.catid = c.catid",
     "Hash Join DS_DIST_ALL_NONE", []),
    ("cat c join cat d on d.catid = c.catid",
     "Hash Join DS_DIST_ALL_NONE", []),
    ("cat c full join event e on e.catid = c.catid", "DS_DIST_", []),
    ("sales s left join cat c on s.catid = c.catid",
     "Hash Left Join DS_DIST_ALL_NONE", []),
    ("cat c left join sales s on s.catid = c.catid",
     "DS_DIST_ALL_", []),
    ("show a join show b on a.eventid = b.eventid",
     "Hash Join DS_DIST_NONE", []),
    ("show a left join show b on a.eventid = b.eventid",
     "Join DS_DIST_NONE", []),
    ("sales s join listing l on s.eventid = l.eventid",
     "Hash Join DS_BCAST_INNER", []),
    ("listing s join listing l on s.listid = l.listid",
     "Merge Join DS_DIST_NONE", []),
]


@pytest.mark.parametrize("source, movement, keys", JOINS)
def test_movement(cursor, source, movement, keys):
    lines = explained(cursor, "select 1 from " + source)
    assert movement in lines[0], lines
    for key in keys:
        assert any(key in line for line in lines), lines
    conds = [line for line in lines if "Cond:" in line]
    assert len(conds) == 1
    assert re.search(r'"outer"\.\w+ = "inner"\.\w+', conds[0]), lines


def test_large_sides_meet_at_the_key(cursor):
    """What is as large as its partner is not sent to all."""
    cursor.execute("create table far (listid int, eventid int)"
                   " distkey(eventid)")
    cursor.execute("insert into far select listid, eventid from sales")
    cursor.execute("create table wide (eventid int, note char(2000))"
                   " diststyle even")
    cursor.execute("insert into wide select eventid, 'x' from sales")
    cursor.execute("analyze far")
    cursor.execute("analyze wide")
    try:
        lines = explained(cursor, "select 1 from far a join wide b on"
                          " a.eventid = b.eventid")
        inner = "wide" in lines[-1]
        assert lines[0] == ("XN Hash Join DS_DIST_INNER" if inner
                            else "XN Hash Join DS_DIST_OUTER")
        assert lines[1] == ('  Inner Dist Key: "outer".eventid' if inner
                            else '  Outer Dist Key: "inner".eventid') or \
            re.match(r'  (Inner|Outer) Dist Key: "(inner|outer)"\.eventid',
                     lines[1])
    finally:
        cursor.execute("drop table far")
        cursor.execute("drop table wide")


@pytest.mark.parametrize("cond, kind", [
    ("eventid in (select eventid from event)", "IN "),
    ("not exists (select 1 from event e where e.eventid = sales.eventid)",
     "NOT IN "),
])
def test_subqueries_are_joined(cursor, cond, kind):
    lines = explained(cursor, f"select * from sales where {cond}")
    assert re.match(f"XN Hash {kind}Join DS_|XN Hash Join DS_", lines[0])


def test_nested_loop_warns(cursor):
    lines = explained(cursor, "select 1 from event, venue")
    assert lines[0] == "XN Nested Loop DS_BCAST_INNER"
    assert lines[-1] == (
        " ----- Nested Loop Join in the query plan - review the join"
        " predicates to avoid Cartesian products -----")
    assert not any("missing" in line for line in lines)


def test_missing_statistics_warn(cursor):
    cursor.execute("create table fresh (a int)")
    cursor.execute("create table fresher (a int)")
    try:
        lines = explained(cursor, "select 1 from fresh x, fresher, fresh y")
        told = [line for line in lines if "missing" in line]
        assert len(told) == 1
        assert sorted(re.search(": (.*) -----", told[0])[1].split(", ")) == \
            ["fresh", "fresher"]
        assert (" ----- Update statistics by running the ANALYZE command on"
                " these tables -----") in lines
        cursor.execute("analyze fresh")
        cursor.execute("analyze fresher")
        lines = explained(cursor, "select 1 from fresh x, fresher")
        assert not any("missing" in line for line in lines)
    finally:
        cursor.execute("drop table fresh")
        cursor.execute("drop table fresher")


def test_errors_stand_where_they_are(cursor):
    for sql, at in (("explain select nope from sales", 16),
                    ("explain select 1 from  nowhere", 24)):
        with pytest.raises(psycopg2.Error) as caught:
            cursor.execute(sql)
        assert caught.value.diag.statement_position == str(at)


def test_nothing_is_done(cursor):
    cursor.execute("select count(*) from sales")
    before = cursor.fetchone()
    cursor.execute("explain delete from sales")
    cursor.execute("explain insert into sales select * from sales")
    cursor.execute("select count(*) from sales")
    assert cursor.fetchone() == before


def test_stl_explain_has_the_nodes(cursor):
    cursor.execute("select name, count(*) from event group by name"
                   " order by 2")
    cursor.execute("select pg_last_query_id()")
    (query,) = cursor.fetchone()
    for view, columns in (
            ("stl_explain", "nodeid, parentid, plannode, info, query"),
            ("sys_query_explain", "plan_node_id, plan_parent_id, plan_node,"
             " plan_info, query_id")):
        names = columns.split(", ")
        cursor.execute(f"select {names[0]}, {names[1]}, trim({names[2]}),"
                       f" trim({names[3]}) from {view} where {names[4]} ="
                       f" {query} order by 1")
        rows = [(node, parent, re.sub(r"^-> *|  \(cost=.*", "", name), info)
                for node, parent, name, info in cursor.fetchall()]
        assert rows == [
            (1, 0, "XN Merge", "Merge Key: count(*)"),
            (2, 1, "XN Network", "Send to leader"),
            (3, 2, "XN Sort", "Sort Key: count(*)"),
            (4, 3, "XN HashAggregate", ""),
            (5, 4, "XN Seq Scan on event", ""),
        ], view
