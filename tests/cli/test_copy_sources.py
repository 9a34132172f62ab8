"""\\copyfrom's globs, several places, and columns by the names of a header,
against the sandbox."""

import pytest

from stage_sandbox import Person, Stage

HEADER = b"Order ID,Customer,Amount\n"


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(stage, tmp_path):
    stage.fault("clear")
    stage.sql("drop table if exists t")
    stage.sql("create table t (customer varchar(20), amount decimal(9,2),"
              " order_id int, note varchar(9) default 'none')")
    put(stage, "2024/01/part1.csv", HEADER + b"1,Ann,3.50\n2,Bob,4\n")
    put(stage, "2024/02/part2.csv", HEADER + b"3,Cy,1\n")
    put(stage, "2024/02/other.csv", HEADER + b"4,Di,2\n")
    put(stage, "2024/02/part2.csv.bak", b"no,csv\n")
    yield Person(stage, tmp_path)
    stage.fault("clear")
    for key in stage.keys():
        stage.s3("DELETE", "/lake/" + key)


def put(stage, key, body):
    stage.s3("PUT", "/lake/" + key, body)


def rows(stage):
    return [row[0] for row in
            stage.sql("select order_id from t order by order_id")]


# --- globs and several places ---

@pytest.mark.parametrize("place, loaded, source", [
    ("s3://lake/2024/*/part?.csv", [1, 2, 3], "files.manifest"),
    ("s3://lake/2024/0[2]/o*.csv", [4], "'s3://lake/2024/02/other.csv'"),
    ("s3://lake/2024/01/*", [1, 2], "'s3://lake/2024/01/part1.csv'"),
    ("s3://lake/2024/**.csv", [1, 2, 3, 4], "files.manifest"),
    ("s3://lake/2024/02/part?.csv", [3], "files.manifest"),
    ("s3://lake/2024/01/part1.csv s3://lake/2024/02/part2.csv", [1, 2, 3],
     "files.manifest"),
    ("s3://lake/2024/01/ 's3://lake/2024/02/o*' s3://lake/2024/01/part1.csv",
     [1, 2, 4], "files.manifest"),
])
def test_what_is_named_is_loaded_and_nothing_stays(stage, me, place, loaded,
                                                   source):
    said = me.run(rf"\copyfrom t {place} --by-name csv ignoreheader 1")
    assert rows(stage) == loaded
    assert source in said
    assert f"{len(loaded)} row" in said
    assert not stage.keys("stage/") and not me.notes()


def test_a_key_with_a_star_is_itself(stage, me):
    put(stage, "a%2A.csv", HEADER + b"9,Star,1\n")
    put(stage, "ab.csv", HEADER + b"8,No,1\n")
    me.run(r"\copyfrom t 's3://lake/a*.csv' --by-name")
    assert rows(stage) == [9]


def test_a_failed_load_takes_its_manifest_along(stage, me):
    put(stage, "2024/01/part9.csv", HEADER + b"x,Eve,1\n")
    said = me.run(r"\copyfrom t s3://lake/2024/*/part?.csv --by-name csv "
                  "ignoreheader 1", fails=True)
    assert "part9.csv, line 2" in said
    assert r"--by-name" in said[said.index("cure"):]
    assert not rows(stage)
    assert not stage.keys("stage/") and not me.notes()


def test_what_is_not_there_or_has_no_place_is_said(stage, me):
    said = me.run(r"\copyfrom t s3://lake/2025/*.csv", fails=True)
    assert "no object with bytes matches s3://lake/2025/*.csv" in said
    said = me.run(r"\copyfrom t s3://lake/2024/*/part?.csv", fails=True,
                  staging=None)
    assert "a list of objects as a manifest" in said
    assert "--stage s3://BUCKET/FOLDER/" in said
    said = me.run(r"\copyfrom t s3://lake/2024/*/part?.csv --stage "
                  "s3://lake/once/ --by-name", staging=None)
    assert "'s3://lake/once/redsh-stage/" in said
    assert not stage.keys("once/")


# The sandbox has no reader of Parquet: the statements are looked at.
def test_parquet_tells_its_columns(stage, me):
    with open(__file__.replace("test_copy_sources.py", "infer.parquet"),
              "rb") as file:
        put(stage, "p/1.parquet", file.read())
    said = me.run(r"\copyfrom --create --print p s3://lake/p/*.parquet")
    assert "price DECIMAL(12,2)" in said and "tags SUPER" in said
    assert "from 's3://lake/p/1.parquet'" in said
    assert "format as parquet serializetojson" in said
    said = me.run(r"\copyfrom --print p s3://lake/p/1.parquet --by-name")
    assert "copy p (order_id, qty, n, price, day, at, ok, name" in said


# --- columns by name ---

def test_columns_go_by_the_names_of_the_header(stage, me):
    said = me.run(r"\copyfrom --by-name t s3://lake/2024/01/part1.csv")
    assert "copy t (order_id, customer, amount)" in said
    assert "not in the file, so default or NULL: note" in said
    assert stage.sql("select customer, amount::varchar, order_id, note from t"
                     " order by 3") == [("Ann", "3.50", 1, "none"),
                                        ("Bob", "4.00", 2, "none")]


def test_names_that_differ_are_mapped(stage, me):
    put(stage, "m.csv", b'Kunde,"Betrag, EUR",Nr\nAnn,1,7\n')
    me.run(r"""\copyfrom t s3://lake/m.csv --map """
           r"""'Kunde=customer,"Betrag, EUR"=amount,nr=order_id'""")
    assert stage.sql("select customer, order_id from t") == [("Ann", 7)]


@pytest.mark.parametrize("line, reason, cure", [
    ("s3://lake/x.csv --by-name", 't has no column for "Extra" of the file',
     "--map"),
    ("s3://lake/x.csv --by-name --map 'Extra=amount'",
     '"Amount" and "Extra" of the header both go to the column amount',
     "--map"),
    ("s3://lake/x.csv --map 'Nope=note'", 'the header has no "Nope"', ""),
    ("s3://lake/x.csv --map 'Extra=nope'", "t has no column nope", ""),
    ("s3://lake/x.csv --map Extra", "pairs of header and column", "Order ID"),
    ("s3://lake/n.csv --by-name", "has no header to go by", "(a, b)"),
    ("s3://lake/x.json --by-name", "go by name without --by-name",
     "jsonpaths"),
    ("s3://lake/x.csv --by-name --no-sniff", "could not be looked at",
     "(a, b)"),
])
def test_what_cannot_be_matched_is_refused(stage, me, line, reason, cure):
    put(stage, "x.csv", b"Order ID,Amount,Extra\n1,2,3\n")
    put(stage, "n.csv", b"1,2,3\n4,5,6\n")
    put(stage, "x.json", b'{"order_id": 1}\n')
    said = me.run(rf"\copyfrom t {line}", fails=True)
    assert reason in said and cure in said
    assert not rows(stage)


# --- a new table that takes the old one's name ---

@pytest.fixture(name="old")
def make_old(stage, me):
    """The table, with all that must not be lost."""
    del me  # it has made another one
    stage.sql("drop table if exists t cascade")
    for line in ("drop user if exists swap_bob", "drop group swap_group"):
        try:
            stage.sql(line)
        except Exception:  # pylint: disable=broad-exception-caught
            pass
    stage.sql("create table t (order_id int primary key, customer varchar(20)"
              " default 'x', amount decimal(9,2)) distkey(order_id)"
              " sortkey(customer)")
    for line in ("comment on table t is 'it''s'",
                 "comment on column t.amount is 'EUR'",
                 "create user swap_bob password disable",
                 "create group swap_group",
                 "grant select on t to swap_bob",
                 "grant select, insert on t to group swap_group",
                 "grant select on t to public",
                 "insert into t values (99, 'old', 1)",
                 "create or replace view late as select count(*) n"
                 " from public.t with no schema binding"):
        stage.sql(line)
    yield
    stage.sql("drop view if exists late")
    stage.sql("drop table if exists t cascade")


def nature(stage):
    """What can be told of the table but its rows."""
    return (
        stage.sql("select privilege_type, identity_name, identity_type"
                  " from svv_relation_privileges where relation_name = 't'"
                  " order by 1, 2, 3"),
        stage.sql("select \"column\", type, distkey, sortkey, \"notnull\""
                  " from pg_table_def where tablename = 't' order by 1"),
        stage.sql("select obj_description(c.oid, 'pg_class'),"
                  " col_description(c.oid, 3), pg_get_userbyid(relowner)"
                  " from pg_class c where relname = 't'"),
        stage.sql("select pg_get_constraintdef(k.oid) from pg_constraint k"
                  " join pg_class c on c.oid = k.conrelid"
                  " where c.relname = 't'"))


@pytest.mark.usefixtures("old")
def test_a_swapped_table_is_what_it_was_but_for_its_rows(stage, me):
    before = nature(stage)
    me.run(r"\copyfrom --swap t s3://lake/2024/01/part1.csv")
    assert rows(stage) == [1, 2]
    assert stage.sql("select n from late") == [(2,)]
    assert nature(stage) == before
    assert not stage.sql("select 1 from pg_class where relname like"
                         " 't_redsh%' and relkind = 'r'")
    stage.sql("insert into t (order_id) values (7)")
    assert stage.sql("select customer from t where order_id = 7") == [("x",)]


@pytest.mark.usefixtures("old")
def test_a_swap_that_fails_changes_nothing(stage, me):
    put(stage, "bad.csv", HEADER + b"1,Ann,1\nx,Bob,2\n")
    said = me.run(r"\copyfrom --swap t s3://lake/bad.csv csv ignoreheader 1",
                  fails=True)
    assert "nothing was changed" in said and "bad.csv, line 3" in said
    assert rows(stage) == [99]
    assert r"\copyfrom --swap" in said[said.index("cure"):]


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("before, reason", [
    ("create view bound as select order_id from t", "public.bound"),
    ("create table child (id int references t (order_id))", "foreign keys"),
    ("alter table t owner to swap_bob", "owned by swap_bob"),
    ("grant select (amount) on t to swap_bob", "single columns"),
])
def test_a_swap_that_would_lose_something_is_refused(stage, me, before,
                                                     reason):
    stage.sql(before)
    said = me.run(r"\copyfrom --swap t s3://lake/2024/01/part1.csv",
                  fails=True)
    assert reason in said and "--replace" in said
    stage.sql("drop table if exists child")
    assert rows(stage) == [99]


@pytest.mark.usefixtures("old")
def test_a_swap_is_not_for_a_block(stage, me):
    said = me.run("begin", r"\copyfrom --swap t s3://lake/2024/01/part1.csv",
                  fails=True)
    assert "--swap inside a transaction block" in said
    assert rows(stage) == [99]


@pytest.mark.usefixtures("old")
def test_noload_says_that_nothing_was_loaded(stage, me):
    said = me.run(r"\copyfrom --dry-run t s3://lake/2024/01/part1.csv")
    assert "and loaded nothing" in said
    assert rows(stage) == [99]


# --- a table for each folder ---

@pytest.fixture(name="tree")
def make_tree(stage, me):
    del me
    put(stage, "data/orders/2024/a.csv", b"id,name\n1,a\n2,b\n")
    put(stage, "data/orders/2025/b.csv", b"id,name\n3,c\n")
    put(stage, "data/Order-Items/i.psv", b"sku|qty\nx|1\ny|2\n")
    put(stage, "data/zones/e.json", b'{"a":1}\n')
    put(stage, "data/readme.txt", b"hello")
    put(stage, "data/_tmp/x.csv", b"a,b\n")
    stage.sql("drop schema if exists stg cascade")
    stage.sql("create schema stg")


@pytest.mark.usefixtures("tree")
def test_each_folder_goes_into_its_table(stage, me):
    said = me.run(r"\copyfrom --each stg s3://lake/data/ --create",
                  r"\echo rows :ROW_COUNT")
    assert "3 of 3 tables loaded, 6 rows: stg.order_items, stg.orders, " \
           "stg.zones" in said
    assert "2 objects are of no table's folder" in said
    assert stage.sql("select (select count(*) from stg.orders),"
                     " (select count(*) from stg.order_items),"
                     " (select count(*) from stg.zones)") == [(3, 2, 1)]


@pytest.mark.usefixtures("tree")
def test_tables_that_are_missing_are_told_before_any_is_loaded(stage, me):
    stage.sql("create table stg.orders (id int, name varchar(9))")
    said = me.run(r"\copyfrom --each stg s3://lake/data", fails=True)
    assert "no table for: stg.order_items, stg.zones" in said
    assert stage.sql("select count(*) from stg.orders") == [(0,)]


@pytest.mark.usefixtures("tree")
def test_one_that_fails_does_not_undo_the_others(stage, me):
    stage.sql("create table stg.orders (id date, name varchar(9))")
    said = me.run(r"\copyfrom --each stg s3://lake/data/ --create",
                  fails=True)
    assert "2 of 3 tables loaded" in said
    assert "not loaded: stg.orders" in said
    assert "those that were loaded stay" in said
    assert stage.sql("select count(*) from stg.zones") == [(1,)]
    said = me.run("begin", r"\copyfrom --each stg s3://lake/data/",
                  fails=True)
    assert "not loaded: stg.orders, stg.zones" in said
    assert "ROLLBACK takes back all of them" in said
    assert stage.sql("select count(*) from stg.order_items") == [(2,)]


@pytest.mark.usefixtures("tree")
def test_each_prints_all_statements(me):
    said = me.run(r"\copyfrom --each --print stg s3://lake/data/ csv "
                  "--no-sniff")
    assert said.count("copy stg.") == 3
    assert "from 's3://lake/data/Order-Items/'" in said
    said = me.run(r"\copyfrom --each stg.x s3://lake/data/", fails=True)
    assert "stg.x is no schema" in said
    said = me.run(r"\copyfrom --each stg s3://lake/nothing/", fails=True)
    assert "no folders with objects" in said
    put_error = me.run(r"\copyfrom s3://lake/data/", fails=True)
    assert "into which table?" in put_error
