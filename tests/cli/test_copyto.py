r"""\copyto: what may not stand together, what lies at the target, and rows that
come here by way of S3 (--download): byte for byte what psql's \copy writes,
whole or not at all, with nothing left in S3 but what a note tells of."""

import bz2
import csv
import gzip
import os
import pathlib
import signal
import subprocess
import urllib.request

import pytest

from private_postgres import BIN, Server
from redshift_loads import rows
from stage_sandbox import Person, Stage, numbers
from test_copy_lines import answers
from test_redshift_unload import PAIRS, SAMPLES, sample

ROWS = 5000
DATA = ("create table data (id int, name varchar(60), price numeric(9,2),"
        " day date, at timestamp, good boolean)",
        "insert into data select n, case when n % 7 = 0 then null when n % 5"
        " = 0 then 'a \"quoted\", ' || n when n % 3 = 0 then 'two' || chr(10)"
        " || 'lines ü' else 'name ' || n end, n * 1.25, '2024-01-01'::date +"
        " n % 366, '2024-01-01 10:00:00'::timestamp, n % 2 = 0 from "
        + numbers(ROWS))
STAGED = "stage/redsh-stage/"


@pytest.fixture(scope="module", name="stage")
def make_stage():
    stage = Stage()
    for sql in DATA:
        stage.sql(sql)
    yield stage
    stage.stop()


@pytest.fixture(name="me")
def make_person(stage, tmp_path):
    stage.fault("clear")
    return Person(stage, tmp_path)


@pytest.fixture(scope="module", name="peer")
def make_peer():
    server = Server()
    for sql in DATA:
        psql(server, sql)
    yield server
    server.stop()


def psql(server, *commands):
    words = [BIN / "psql", "-X", "-q", "-h", server.dir, "-U", "tester",
             "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
    for command in commands:
        words += ["-c", command]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def below(stage, prefix):
    return [key for key in stage.keys() if key.startswith(prefix)]


def nothing_left(stage, me):
    assert below(stage, STAGED) == []
    assert stage.uploads() == 0
    assert me.notes() == []


def local(me):
    """What is in the folder of work, hidden names too."""
    return sorted(path.name for path in me.home.iterdir()
                  if path.name not in (".local", ".cache"))


# --- statements ---

@pytest.mark.parametrize("key, other", PAIRS)
def test_what_excludes_each_other_is_refused_before(key, other):
    tail = f"{sample(key)} {SAMPLES[other]}"
    ((printed, said),) = answers("\\copyto --print",
                                 ["t s3://lake/x/ " + tail])
    assert printed == ""
    assert "not compatible with" in said or "given twice" in said \
        or "exclude" in said, said


@pytest.mark.parametrize(
    "row", [row for row in rows("unload-options.tsv") if row["requires"]
            and "0A000" in row["refused"]
            and not row["key"].startswith(("(", "TO "))], ids=lambda row: row["key"])
def test_what_needs_another_is_refused_before(row):
    tail = row["requires"].split("iam_role", 1)[1]
    ((printed, said),) = answers("\\copyto --print",
                                 ["t s3://lake/x/ iam_role" + tail])
    assert printed == "" and said != ""


# --- the target ---

def test_a_target_that_is_not_empty(stage, me):
    told = me.run(r"\copyto data s3://lake/full/a_ csv parallel off")
    assert f"{ROWS:,} rows, 1 file, " in told
    assert " to s3://lake/full/a_" in told
    told = me.run(r"\copyto data s3://lake/full/a_ csv", fails=True)
    assert "the target is not empty: 1 object (" in told
    for way in ("cleanpath", "allowoverwrite", "write to s3://lake/full/a_2_"):
        assert way in told
    assert below(stage, "full/") == ["full/a_000"]
    told = me.run(r"\copyto data s3://lake/full/a_ csv allowoverwrite")
    assert f"{ROWS:,} rows, 2 files, " in told
    assert len(below(stage, "full/")) == 3
    told = me.run(r"\copyto data s3://lake/full/a_ csv cleanpath")
    assert "they go first, for good" in told
    assert below(stage, "full/") == ["full/a_0000_part_00", "full/a_0001_part_00"]


def test_row_count(me):
    told = me.run(r"\copyto (select * from data where id < 8) to s3://lake/n/",
                  r"\echo rows :ROW_COUNT")
    assert "7 rows, 2 files, " in told and "rows 7\n" in told


def test_order_and_limit_are_told(me):
    told = me.run(r"\copyto (select id from data order by id limit 9) to "
                  "s3://lake/o/")
    assert "UNLOAD takes no LIMIT" in told
    assert "parallel off makes one file after the other" in told
    told = me.run(r"\copyto (select id from data order by id) to s3://lake/o2/"
                  " parallel off")
    assert "ORDER BY holds" not in told


def test_links_lead_to_the_files_and_tell_their_time(stage, me):
    told = me.run(r"\copyto (select id from data) to s3://lake/l/ --links 2")
    links = [line for line in told.splitlines() if line.startswith("http")]
    assert len(links) == 2
    assert all("X-Amz-Expires=7200" in link for link in links)
    found = b""
    for link in links:
        with urllib.request.urlopen(link) as reply:
            found += reply.read()
    assert sorted(map(int, found.split())) == list(range(1, ROWS + 1))
    assert "may read the file for 2 hours" in told
    told = me.run(r"\copyto (select 1) to s3://lake/l/ allowoverwrite --links",
                  fails=True)
    assert "--links cannot tell the new files" in told
    assert len(below(stage, "l/")) == 2


# --- download ---

SAME = {
    # parameters of \copyto, options of psql's \copy
    "csv header": "csv header",
    "csv header parallel off": "csv header",
    "csv": "csv",
    "csv header gzip": "csv header",
    "csv header delimiter ';' zstd": "csv header delimiter ';'",
    "csv header null as 'nil' bzip2": "csv header null 'nil'",
    "csv header maxfilesize 5 mb": "csv header",
}


@pytest.mark.parametrize("how", SAME)
def test_it_is_what_psql_copies(stage, me, peer, how):
    theirs = me.home / "theirs.csv"
    psql(peer, f"\\copy (select * from data order by id) to '{theirs}'"
               f" {SAME[how]}")
    told = me.run(r"\copyto (select * from data order by id) --download"
                  f" ours.csv {how}")
    assert f"{ROWS:,} rows, " in told and " in ours.csv, " in told
    assert (me.home / "ours.csv").read_bytes() == theirs.read_bytes()
    assert local(me) == ["ours.csv", "theirs.csv"]
    nothing_left(stage, me)


NAMED = {
    "a.csv": (bytes, "csv header"),
    "a.csv.gz": (gzip.decompress, "csv header gzip"),
    "a.csv.bz2": (bz2.decompress, "csv header bzip2"),
    "a.CSV": (bytes, "csv header"),
    "a": (bytes, "csv header"),
    "a b.csv": (bytes, "csv header"),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_name_says_the_format(stage, me, name):
    unpack, words = NAMED[name]
    told = me.run(r"\copyto (select id, name from data where id < 4 order by"
                  f" 1) --download '{name}'")
    assert words in told and "parallel off" in told
    assert unpack((me.home / name).read_bytes()) == \
        b'id,name\n1,name 1\n2,name 2\n3,"two\nlines \xc3\xbc"\n'
    nothing_left(stage, me)


def test_many_parts_have_one_header_and_all_rows(stage, me):
    me.run(r"\copyto data --download all.csv")
    with open(me.home / "all.csv", encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert sorted(int(row["id"]) for row in found) == list(range(1, ROWS + 1))
    me.run(r"\copyto data --download all.tsv")
    lines = (me.home / "all.tsv").read_text(encoding="utf-8")
    assert lines.startswith("id\tname\tprice\tday\tat\tgood\n")
    assert lines.count("id\tname") == 1
    nothing_left(stage, me)


def test_json_lines_and_a_folder_that_is_there(stage, me):
    (me.home / "out").mkdir()
    me.run(r"\copyto (select id from data where id < 3) --download out json",
           r"\copyto data --download out")
    assert sorted((me.home / "out" / "query.json").read_text().splitlines()) \
        == ['{"id":1}', '{"id":2}']
    assert (me.home / "out" / "data.csv").exists()
    nothing_left(stage, me)


def test_partitions_stay_files_of_a_folder(stage, me):
    me.run(r"\copyto (select id, good from data where id < 5) --download parts/"
           " csv partition by (good)")
    found = {}
    for path in (me.home / "parts").rglob("*"):
        if path.is_file():
            found.setdefault(path.parent.name, []).extend(
                path.read_text().split())
    assert {name: sorted(ids) for name, ids in found.items()} == {
        "good=t": ["2", "4"], "good=f": ["1", "3"]}
    told = me.run(r"\copyto data --download parts/ csv partition by (good)",
                  fails=True)
    assert "parts/ is there and not empty" in told
    nothing_left(stage, me)


def test_by_way_of_the_place_that_is_named(stage, me):
    told = me.run(r"\copyto data to s3://lake/mine --download a.csv",
                  staging=None)
    assert "to 's3://lake/mine/redsh-stage/" in told
    assert below(stage, "mine") == []
    told = me.run(r"\copyto data --download b.csv", staging=None, fails=True)
    assert "Redshift writes to S3 only" in told
    for way in ("--download FILE", r"\set STAGING", "connections.conf"):
        assert way in told
    assert local(me) == ["a.csv"]


def test_no_rows_make_a_header_or_an_empty_file(stage, me):
    me.run(r"\copyto (select id from data where false) --download a.csv",
           r"\copyto (select id from data where false) --download a.json")
    assert (me.home / "a.csv").read_text() == "id\n"
    assert (me.home / "a.json").read_text() == ""
    nothing_left(stage, me)


REFUSED = {
    "--download nowhere/a.csv": "nowhere: No such file or directory",
    "--download /dev/null": "/dev/null is no plain file",
    "--download a.csv --links": "--download removes the files",
    "--download a.csv nosuchword": "nosuchword",
    "--download a.csv encrypted master_symmetric_key 'AAAA'":
        "MASTER_SYMMETRIC_KEY encrypts",
}


@pytest.mark.parametrize("tail", REFUSED)
def test_refused_before_anything_is_sent(stage, me, tail):
    assert REFUSED[tail] in me.run(r"\copyto data " + tail, fails=True)
    assert local(me) == []
    nothing_left(stage, me)


# --- what goes wrong ---

def test_a_failed_query_leaves_the_old_file(stage, me):
    (me.home / "a.csv").write_text("old")
    told = me.run(r"\copyto (select 1 / (id - 9) from data) --download a.csv",
                  fails=True)
    assert "division by zero" in told
    assert (me.home / "a.csv").read_text() == "old"
    assert local(me) == ["a.csv"]
    nothing_left(stage, me)


def held(stage, me, *command, fault="stall-reply"):
    """A download whose file of rows does not come from S3."""
    stage.fault("add", "--op", "GetObject", "--key", "*part*", "--count",
                "all", fault)
    process = me.start(*command)
    me.wait(lambda: local(me) != [])
    return process


def test_ctrl_c_leaves_nothing(stage, me):
    process = held(stage, me, r"\copyto data --download a.csv")
    me.interrupt(process)
    said = process.communicate(timeout=60)
    assert process.returncode != 0, said
    assert local(me) == []
    nothing_left(stage, me)


def test_ctrl_c_in_a_download_of_files_leaves_nothing(stage, me):
    process = held(stage, me, r"\copyto data --download d/ csv "
                   "partition by (good)")
    me.interrupt(process)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert local(me) == []
    nothing_left(stage, me)


def test_a_kill_leaves_a_note_and_no_file_of_that_name(stage, me):
    process = held(stage, me, r"\copyto data --download a.csv")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (me.home / "a.csv").exists()
    left = below(stage, STAGED)
    assert left != []
    (folder,) = me.noted()
    assert all(key.startswith(folder) for key in left)
    stage.fault("clear")
    (part,) = local(me)
    assert part.startswith(".a.csv.") and part.endswith(".part")
    me.run(r"\copyto (select 1 as a) --download b.csv")
    assert part in local(me)
    me.run(r"\copyto (select 1 as a) --download a.csv")
    assert local(me) == ["a.csv", "b.csv"]
    assert "a.csv" in me.run(r"\staged")
    me.run(r"\staged --remove")
    nothing_left(stage, me)


@pytest.mark.parametrize("fault, how", [
    ("cut-reply=100", ""), ("corrupt-byte=500", "csv header gzip"),
    ("status=403 code=AccessDenied", "")])
def test_bytes_that_are_not_whole_are_no_file(stage, me, fault, how):
    (me.home / "a.csv").write_text("old")
    stage.fault("add", "--op", "GetObject", "--key", "*part*", "--count",
                "all", *fault.split())
    me.run(r"\copyto (select id from data) --download a.csv " + how,
           fails=True)
    assert (me.home / "a.csv").read_text() == "old"
    assert local(me) == ["a.csv"]
    stage.fault("clear")
    nothing_left(stage, me)


def test_a_fault_that_passes_does_no_harm(stage, me, peer):
    stage.fault("add", "--op", "GetObject", "--key", "*part*", "--count", "2",
                "cut-reply=100")
    psql(peer, f"\\copy (select * from data order by id) to"
               f" '{me.home}/theirs' csv header")
    me.run(r"\copyto (select * from data order by id) --download ours.csv")
    assert (me.home / "ours.csv").read_bytes() == \
        (me.home / "theirs").read_bytes()
    nothing_left(stage, me)


def test_an_answer_that_never_comes_keeps_what_may_be_written(stage, me):
    stage.sql("begin")
    stage.sql("lock data")
    process = me.start(r"\copyto data --download a.csv")
    other = stage.sandbox.connect()
    other.autocommit = True
    pids = []

    def is_waiting():
        with other.cursor() as cursor:
            cursor.execute("select pid from pg_locks where not granted")
            pids[:] = [row[0] for row in cursor.fetchall()]
        return pids

    me.wait(is_waiting)
    with other.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", pids[:1])
    said = b"".join(process.communicate(timeout=60)).decode()
    other.close()
    stage.sql("rollback")
    assert process.returncode != 0
    assert "the server's answer never came" in said
    assert r"\staged --remove" in said
    assert len(me.notes()) == 1
    me.run(r"\staged --remove")
    nothing_left(stage, me)
    assert local(me) == []


def test_objects_that_cannot_be_removed_are_told_of(stage, me):
    stage.fault("add", "--op", "DeleteObjects", "--count", "all", "status=403",
                "code=AccessDenied")
    told = me.run(r"\copyto (select 1 as a) --download a.csv")
    assert (me.home / "a.csv").read_text() == "a\n1\n"
    assert r"\staged --remove" in told
    assert len(me.notes()) == 1
    stage.fault("clear")
    me.run(r"\staged --remove")
    nothing_left(stage, me)


def test_memory_is_flat(stage, me):
    """What is read ahead is bounded; the rows do not stay."""
    stage.sql("create table wide as select n, repeat('x', 100) as t from "
              + numbers(500_000))
    # the sanitizer keeps what is freed for a while
    me.env["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + \
        ":quarantine_size_mb=4"
    peak = {}
    for name, where in (("small", "n < 10"), ("large", "true")):
        process = me.start(f"\\copyto (select * from wide where {where})"
                           f" --download {name}.csv")
        said = process.stdout.read() + process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, said
        peak[name] = usage.ru_maxrss * 1024
    size = pathlib.Path(me.home / "large.csv").stat().st_size
    assert size > 50_000_000
    # some ranges of 8 MiB are read ahead
    assert peak["large"] - peak["small"] < 250_000_000


EXPLAINED = {
    "unload ('select 1') to 's3://lake/ex/' iam_role default":
        ("destination on S3 is not empty", "or write to s3://lake/ex-2/"),
    "unload ('select id from data limit 3') to 's3://lake/ey/' iam_role"
    " default": ("Limit clause", "\\copyto (select ... limit n)"),
    "unload ('select 1 where 'a' = 'a'') to 's3://lake/ey/' iam_role default":
        ("expected )", "quotes inside of it are written twice"),
    "unload ('select 1 a, 2 a') to 's3://lake/ey/' iam_role default json":
        ("unique column names", "select a.id as a_id"),
    "unload ('select 1') to 's3://lake/ey/' iam_role default maxfilesize 1 mb":
        ("MAXFILESIZE", "5 MB to 6.2 GB"),
    "unload ('select 1 a') to 's3://lake/ey/' iam_role default partition by"
    " (b)": ("PARTITION BY", "columns of the result"),
    "unload ('select 1 a, 0.5::float8 b') to 's3://lake/ey/' iam_role default"
    " partition by (b)": ("PARTITION BY", "cast it in the query"),
    "unload ('select id, from_hex(''00'') v from data') to 's3://lake/ey/'"
    " iam_role default fixedwidth 'id:9,v:9'":
        ("FIXEDWIDTH", "has no fixed width"),
}


@pytest.mark.parametrize("sql", EXPLAINED)
def test_a_failure_is_explained_with_its_cure(stage, me, sql):
    stage.s3("PUT", "/lake/ex/old")
    told = me.run(sql, fails=True)
    for words in EXPLAINED[sql]:
        assert words in told
    assert "\n  cure    " in told
