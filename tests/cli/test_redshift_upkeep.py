"""VACUUM and ANALYZE do what their words say: which tables and columns they
work on, what they leave, and what the system views tell of it."""

import pytest

from redshift_client import Sandbox

BOOST = "INFO: BOOST has no effect in the sandbox + "


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def admin(sandbox):
    with sandbox.connect() as client:
        yield client


def run(client, *statements):
    for sql in statements:
        result = client.query(sql)
        assert result.error is None, (sql, result.error)
    return result.text()


def refused(client, sql):
    error = client.query(sql).error
    assert error is not None
    return error["C"], error["M"]


def table(client, name, keys="sortkey"):
    """Ten rows, none of them in order."""
    run(client, f"drop table if exists {name}",
        f"create table {name} (a int {keys}, b int, c int)",
        f"insert into {name} values " + ", ".join(
            f"({n}, {n}, {n})" for n in range(1, 11)))


def info(client, name):
    """unsorted, rows with deleted ones, rows."""
    return run(client, "select unsorted, tbl_rows, estimated_visible_rows"
               f" from svv_table_info where \"table\" = '{name}'")


def last_vacuum(client, name):
    return run(client, "select trim(status), rows, sortedrows,"
               " reclaimable_rows from stl_vacuum where table_id ="
               f" '{name}'::regclass::int and xid = (select max(xid) from"
               f" stl_vacuum where table_id = '{name}'::regclass::int)"
               " order by eventtime")


def test_sort_only_leaves_deleted_rows(admin):
    table(admin, "v1")
    assert info(admin, "v1") == "100.00|10|10"
    run(admin, "delete from v1 where a = 1")
    assert run(admin, "vacuum sort only v1") == "VACUUM"
    assert info(admin, "v1") == "0.00|10|9"
    assert last_vacuum(admin, "v1") == \
        "Started Sort Only|10|0|1 / Finished|10|9|1"
    run(admin, "vacuum sort only v1")
    assert last_vacuum(admin, "v1") == "Skipped (sort only)|10|9|1"


def test_delete_only_leaves_the_order(admin):
    table(admin, "v2")
    run(admin, "delete from v2 where a = 1", "vacuum delete only v2")
    assert info(admin, "v2") == "100.00|9|9"
    assert last_vacuum(admin, "v2") == \
        "Started Delete Only|10|0|1 / Finished|9|0|0"
    run(admin, "vacuum delete only v2")
    assert last_vacuum(admin, "v2") == "Skipped (delete only)|9|0|0"


def test_the_threshold_is_in_percent(admin):
    table(admin, "v3")
    run(admin, "vacuum v3", "insert into v3 values (11, 1, 1)",
        "delete from v3 where a = 1")
    assert info(admin, "v3") == "10.00|11|10"
    run(admin, "vacuum v3 to 90 percent")
    assert last_vacuum(admin, "v3") == "Skipped|11|9|1"
    run(admin, "vacuum sort only v3 to 90 percent")
    assert last_vacuum(admin, "v3") == \
        "Skipped (sort only, sorted>=90|11|9|1"  # a char(30)
    run(admin, "vacuum delete only v3 to 90 percent")
    assert last_vacuum(admin, "v3") == "Skipped (delete only)|11|9|1"
    run(admin, "vacuum delete only v3 to 91 percent")
    assert last_vacuum(admin, "v3") == \
        "Started Delete Only|11|9|1 / Finished|10|9|0"
    run(admin, "vacuum v3 to 91 percent")
    assert info(admin, "v3") == "0.00|10|10"
    assert last_vacuum(admin, "v3") == "Started|10|9|0 / Finished|10|10|0"


def test_full_only_deletes_where_the_rows_lie_in_order(admin):
    table(admin, "v4")
    run(admin, "vacuum full v4", "delete from v4 where a < 3", "vacuum v4")
    assert last_vacuum(admin, "v4") == \
        "Started Delete Only (Sorted >=|10|8|2 / Finished|8|8|0"
    assert info(admin, "v4") == "0.00|8|8"


def test_a_hundred_percent_sorts_and_deletes_all(admin):
    table(admin, "v5")
    run(admin, "vacuum v5", "insert into v5 values (11, 1, 1)",
        "delete from v5 where a = 1", "vacuum v5 to 100 percent")
    assert info(admin, "v5") == "0.00|10|10"


def test_tables_without_keys_are_never_sorted(admin):
    table(admin, "v6", "")
    run(admin, "delete from v6 where a = 1", "vacuum sort only v6")
    assert last_vacuum(admin, "v6") == "Skipped (sort only)|10|9|1"
    run(admin, "vacuum v6")
    assert last_vacuum(admin, "v6") == \
        "Started Delete Only|10|9|1 / Finished|9|9|0"
    run(admin, "create table v7 (a int)", "vacuum v7")
    assert last_vacuum(admin, "v7") == "Skipped (0 rows)|0|0|0"


def test_reindex_and_recluster(admin):
    table(admin, "v8")
    run(admin, "delete from v8 where a = 1", "vacuum recluster v8")
    assert info(admin, "v8") == "0.00|10|9"
    run(admin, "vacuum reindex v8")
    assert info(admin, "v8") == "0.00|9|9"
    assert run(admin, "select vacuum_type, status, reclaimed_rows from"
               " sys_vacuum_history where table_name = 'v8' order by"
               " start_time") == "R|C|0 / R|C|1"
    assert run(admin, "select max(is_recluster), min(is_recluster) from"
               " stl_vacuum where table_id = 'v8'::regclass::int") == "1|0"
    run(admin, "create table v9 (a int) diststyle all",
        "create table v10 (a int, b int) interleaved sortkey (a, b)")
    assert refused(admin, "vacuum recluster v9") == (
        "0A000", "VACUUM RECLUSTER is not supported for tables with DISTSTYLE"
        " ALL")
    assert refused(admin, "vacuum recluster v10")[0] == "0A000"


def test_boost_is_said_to_do_nothing(admin):
    table(admin, "v11")
    assert run(admin, "vacuum v11 boost") == BOOST + "VACUUM"


def test_others_tables_are_passed_over(sandbox, admin):
    table(admin, "v12")
    run(admin, "delete from v12 where a = 1",
        "drop user if exists passer", "create user passer password 'Abcd1234'")
    with sandbox.connect("passer", "Abcd1234") as passer:
        assert run(passer, "vacuum") == "VACUUM"
        assert run(passer, "vacuum v12") == "VACUUM"
    assert info(admin, "v12") == "100.00|10|9"
    run(admin, "vacuum")
    assert info(admin, "v12") == "0.00|9|9"


def test_what_is_no_table(admin):
    assert refused(admin, "vacuum nowhere") == (
        "42P01", 'relation "nowhere" does not exist')
    assert refused(admin, "analyze nowhere") == (
        "42P01", 'relation "nowhere" does not exist')
    assert refused(admin, "vacuum v1 to 101 percent")[0] == "22023"


# ---- ANALYZE

def analyzed(client, name):
    """Columns that PostgreSQL has statistics of."""
    return run(client, "select attname from pg_stats where tablename ="
               f" '{name}' order by attname").replace(" / ", " ")


UNKNOWN = 'INFO: No predicate columns found for "%s". All columns are analyzed.'


def test_predicate_columns_of_a_table_never_queried_are_all(admin):
    table(admin, "p1", "")
    assert run(admin, "analyze p1 predicate columns") == \
        UNKNOWN % "p1" + " + ANALYZE"
    assert analyzed(admin, "p1") == "a b c"


@pytest.mark.parametrize("name, keys, queries, columns", [
    ("p2", "", ["select count(*) from p2 where b > 3"], "b"),
    ("p3", "", ["select a, count(*) from p3 group by a"], "a"),
    ("p4", "", ["select count(*) from p4 x join p4 y on x.c = y.a"], "a c"),
    ("p5", "sortkey", ["select b from p5"], "a"),
    ("p6", "distkey", ["select c from p6 where c = 1"], "a c"),
    ("p7", "", ["delete from p7 where b = 100"], "b"),
    ("p8", "", ["select count(*) from p8 where b::varchar = 'p8.a'"], "b"),
    ("p9", "", ["select a from p9 where b = 1 and exists (select 1 from p9 z"
                " where z.c = p9.b)"], "b c"),
])
def test_predicate_columns(admin, name, keys, queries, columns):
    table(admin, name, keys)
    run(admin, *queries)
    assert run(admin, f"analyze {name} predicate columns") == "ANALYZE"
    assert analyzed(admin, name) == columns
    assert run(admin, "select trim(status), num_predicate_cols from"
               f" stl_analyze where trim(table_name) = '{name}' and not"
               " is_auto::bool") == f"PredicateColumn|{len(columns.split())}"


def test_all_columns_is_the_default(admin):
    table(admin, "p10")
    run(admin, "select a from p10 where b = 1", "analyze p10")
    assert analyzed(admin, "p10") == "a b c"
    table(admin, "p11")
    run(admin, "analyze p11 (b)")
    assert analyzed(admin, "p11") == "b"


def test_what_has_hardly_changed_is_skipped(admin):
    def statuses():
        return run(admin, "select trim(status), threshold_percent from"
                   " stl_analyze where trim(table_name) = 'p12' and is_auto ="
                   " 'f' order by starttime")
    run(admin, "drop table if exists p12", "create table p12 (a int)",
        "insert into p12 select 1 from stv_slices, p10, p11", "analyze p12",
        "analyze p12")
    assert statuses() == "Full|10 / Skipped|10"
    run(admin, "insert into p12 values (1)", "analyze p12")
    assert statuses() == "Full|10 / Skipped|10 / Skipped|10"
    run(admin, "set analyze_threshold_percent to 0", "analyze p12",
        "reset analyze_threshold_percent")
    assert statuses().endswith(" / Full|0")


def test_analyze_of_a_transaction_goes_with_it(admin):
    table(admin, "p13")
    run(admin, "begin", "analyze p13", "rollback")
    assert analyzed(admin, "p13") == ""
    run(admin, "begin", "analyze p13 predicate columns", "commit")
    assert analyzed(admin, "p13") == "a"
