"""\\copyfrom TABLE kaggle:OWNER/DATASET/FILE: the file goes by the staging
bucket into a table, whole or not at all, and nothing stays in S3."""

import gzip
import io
import pathlib
import random
import re
import threading
import zipfile

import pytest

from kaggle_server import KEY, USER, Kaggle, replies
from stage_sandbox import Person, Stage

MIB = 1 << 20


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


@pytest.fixture(scope="module", name="site")
def make_site():
    running = Kaggle()
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(stage, site, tmp_path):
    site.reset()
    stage.fault("clear")
    stage.sql("drop table if exists sales")
    person = Person(stage, tmp_path)
    person.env |= {"KAGGLE_API_ENDPOINT": site.url, "KAGGLE_USERNAME": USER,
                   "KAGGLE_KEY": KEY}
    person.env.pop("KAGGLE_API_TOKEN", None)
    yield person
    assert not stage.keys() and not person.notes()


def table(rows):
    source = random.Random(rows)
    return "saleid,qty,price,at\n" + "".join(
        f"{at},{source.randrange(9)},{source.randrange(10**5) / 100:.2f},"
        f"2024-01-{at % 28 + 1:02} 10:00:00\n" for at in range(rows))


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def give(site, name="sales.csv", rows=5000, **more):
    site.archives["demo/sales"] = packed(
        **{"more/venue.csv": "venueid,name\n1,Hall\n", name: table(rows)},
        **more)


SUM = "select count(*), sum(saleid) from sales"


def test_a_file_makes_its_table_and_fills_it(me, site, stage):
    give(site)
    said = me.run(r"\copyfrom --create --yes sales kaggle:demo/sales/sales.csv")
    assert "staged" in said
    assert stage.sql(SUM) == [(5000, 5000 * 4999 // 2)]
    assert stage.sql("select data_type from information_schema.columns where "
                     "table_name = 'sales' order by ordinal_position")[3] == \
        ("timestamp without time zone",)


def test_names_with_blanks_and_versions(me, site, stage):
    stage.sql("create table sales (saleid int, qty int, price decimal(8,2), "
              "at timestamp)")
    give(site, "all my sales.csv", 10)
    site.archives["demo/sales/3"] = site.archives.pop("demo/sales")
    me.run(r"\copyfrom sales from 'kaggle:demo/sales/versions/3/all my "
           r"sales.csv' csv ignoreheader 1")
    assert stage.sql(SUM) == [(10, 45)]


def test_what_is_packed_in_the_archive_is_unpacked(me, site, stage):
    site.archives["demo/sales"] = packed(
        **{"sales.csv.gz": gzip.compress(table(300).encode())})
    me.run(r"\copyfrom --create --yes sales "
           "kaggle:demo/sales/sales.csv.gz")
    assert stage.sql(SUM) == [(300, 300 * 299 // 2)]


def test_a_broken_connection_is_mended(me, site, stage):
    site.archives["demo/sales"] = packed(**{"sales.csv": table(200_000)})
    site.cuts = [None, None, MIB, 0, 300_000]
    me.run(r"\copyfrom --create --yes sales kaggle:demo/sales/sales.csv")
    assert stage.sql(SUM) == [(200_000, 200_000 * 199_999 // 2)]
    assert not site.cuts


def wrong(me, line, says):
    said = me.run(line, fails=True)
    assert says in " ".join(said.split()), said
    assert KEY not in said


def test_a_damaged_file_is_not_loaded(me, site, stage):
    body = bytearray(packed(**{"sales.csv": table(100_000)}))
    at = body.index(b"PK\1\2") + 16
    body[at:at + 4] = b"\0\0\0\0"
    site.archives["demo/sales"] = bytes(body)
    wrong(me, r"\copyfrom --create --yes sales kaggle:demo/sales/sales.csv",
          "checksum of a member is wrong")
    assert stage.sql("select count(*) from pg_class where relname = 'sales'"
                     ) == [(0,)]


def test_a_download_that_cannot_go_on_loads_nothing(me, site, stage):
    stage.sql("create table sales (saleid int, qty int, price decimal(8,2), "
              "at timestamp)")
    site.archives["demo/sales"] = packed(**{"sales.csv": table(200_000)})
    site.ranges = False
    site.cuts = [MIB]
    wrong(me, r"\copyfrom sales kaggle:demo/sales/sales.csv csv ignoreheader 1",
          "broke off after")
    assert stage.sql("select count(*) from sales") == [(0,)]


@pytest.mark.parametrize("line, says", [
    ("kaggle:demo/sales", "which file of it?"),
    ("kaggle:demo/sales/no.csv", "no file no.csv in the data set"),
    ("kaggle:demo", "is no name of a data set"),
    ("kaggle:demo/none/a.csv", "Kaggle has no such data set"),
    ("kaggle:demo/sales/*.csv", "2 files have that name"),
])
def test_what_is_wrong_with_the_name_is_said(me, site, line, says):
    give(site, **{"x.csv": "a\n"})
    wrong(me, rf"\copyfrom --create --yes sales {line}", says)


def test_a_licence_is_to_be_accepted_first(me, site):
    site.first = [replies(403, b'{"message":"You must accept the license"}')]
    wrong(me, r"\copyfrom sales kaggle:demo/sales/sales.csv csv",
          "https://www.kaggle.com/datasets/demo/sales")


PARQUET = (pathlib.Path(__file__).parent / "infer.parquet").read_bytes()


# The sandbox has no reader of Parquet: what it refuses is looked at.
def test_parquet_goes_whole_to_the_staging_place(me, site, stage):
    site.archives["demo/sales"] = packed(
        **{"more/a.PARQUET": PARQUET, "b.csv": "a\n"})
    said = me.run(r"\copyfrom --create --yes --no-check sales "
                  "kaggle:demo/sales/a.PARQUET", fails=True)
    assert "staged 1 object, 4.7 KiB, in s3://lake/stage/redsh-stage/" in said
    assert "1 file, 4.7 KiB: Parquet" in said
    assert re.search(r"create table sales \(\s*order_id BIGINT", said), said
    assert re.search("copy sales\\s+from 's3://lake/stage/redsh-stage/"
                     "[-0-9a-f]+/a.PARQUET'", said), said
    assert "format as parquet" in said
    assert "no reader of Parquet" in said and "nothing was changed" in said


@pytest.mark.parametrize("name, option", [
    ("a.orc", "format as orc"), ("a.avro", "format as avro 'auto'")])
def test_what_goes_whole_is_told_by_its_name(me, site, name, option):
    said = me.run(r"\copyfrom --print --role arn:aws:iam::1:role/load sales "
                  "kaggle:demo/sales/" + name)
    assert f"/redsh-stage/ID/{name}'" in said and option in said
    assert "manifest" not in said and not site.asked


TABLE = "create table sales (a int, b int)"


def test_nothing_comes_for_a_table_that_is_not_there(me, site):
    wrong(me, r"\copyfrom sales kaggle:demo/sales/a.parquet",
          "there is no table sales")
    assert not site.asked


def test_parquet_of_another_name_is_told_how(me, site, stage):
    stage.sql(TABLE)
    site.archives["demo/sales"] = packed(**{"data.bin": PARQUET})
    wrong(me, r"\copyfrom sales kaggle:demo/sales/data.bin",
          "add FORMAT PARQUET")
    said = me.run(r"\copyfrom --no-sniff --no-check sales "
                  "kaggle:demo/sales/data.bin parquet", fails=True)
    assert "/data.bin'" in said and "no reader of Parquet" in said


def test_parquet_that_does_not_come_leaves_nothing(me, site, stage):
    body = bytearray(packed(**{"a.parquet": PARQUET}))
    body[body.index(b"PK\1\2") + 16] ^= 1
    site.archives["demo/sales"] = bytes(body)
    load = r"\copyfrom --create --yes sales kaggle:demo/sales/a.parquet"
    wrong(me, load, "checksum of a member is wrong")
    site.archives["demo/sales"] = packed(
        **{"x/a.parquet": PARQUET, "y/a.parquet": PARQUET})
    wrong(me, load, "2 files have that name")
    wrong(me, load.replace("a.parquet", "b.parquet"), "no file b.parquet")
    wrong(me, load + " manifest", "MANIFEST does not go with local files")
    assert stage.uploads() == 0


def test_a_large_parquet_leaves_no_record(me, site, stage):
    stage.sql(TABLE)
    large = random.Random(3).randbytes(12 * MIB)
    site.archives["demo/sales"] = packed(**{"a.parquet": large})
    said = me.run(r"\copyfrom --no-sniff --no-check sales "
                  "kaggle:demo/sales/a.parquet", fails=True)
    assert "staged 1 object, 12.0 MiB" in said and "no reader" in said
    assert stage.uploads() == 0
    assert not [path for path in me.home.rglob("*.json")]


def test_a_large_parquet_that_is_interrupted_is_taken_away(me, site, stage):
    stage.sql(TABLE)
    reached, go = threading.Event(), threading.Event()

    def pause():
        if stage.uploads():
            reached.set()
            go.wait(60)
    site.archives["demo/sales"] = packed(
        **{"a.parquet": random.Random(3).randbytes(24 * MIB)})
    site.pause = pause
    with me.start(r"\copyfrom --no-sniff --no-check sales "
                  "kaggle:demo/sales/a.parquet") as process:
        came = reached.wait(60)
        me.interrupt(process)
        said = process.communicate(timeout=60)[1].decode()
    go.set()
    assert came and process.returncode != 0 and "cancelled" in said, said
    # half a second is all it takes then
    for note in me.notes():
        assert rf"\staged --remove {note.name}" in said
        me.run(rf"\staged --remove {note.name}")
    assert stage.uploads() == 0


def test_print_only_tells_the_statement(me, site, stage):
    give(site)
    said = me.run(r"\copyfrom --print --role arn:aws:iam::1:role/load sales "
                  "kaggle:demo/sales/sales.csv")
    assert "manifest" in said.lower() and "COPY" in said.upper()
    assert not stage.keys()
