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
    assert "a list of 2 objects as a manifest" in said
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
