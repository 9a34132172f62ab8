r"""\copy ... TO on Redshift, which has no COPY TO: the rows of a SELECT, byte
for byte what psql's \copy writes of the same rows in a PostgreSQL."""

import os
import subprocess

import pytest

from private_postgres import BIN, Server
from stage_sandbox import Person, Stage, numbers

DATA = ("create table d (n int, t varchar(60), \"odd, name\" numeric(9,2),"
        " day date, at timestamp, good boolean)",
        "insert into d values"
        " (1, 'plain', 1.5, '2024-02-29', '2024-02-29 10:11:12.5', true),"
        " (2, '', null, null, null, false),"
        " (3, null, 0, '0001-01-01', '9999-12-31 23:59:59', null),"
        " (4, 'a,b;c|d', -1, null, null, null),"
        " (5, 'say \"hi\"', 2, null, null, null),"
        " (6, 'it''s', 3, null, null, null),"
        " (7, 'nil', 4, null, null, null),"
        " (8, 'ü€', 5, null, null, null)",
        "insert into d select 9, 'two' || chr(10) || 'lines', 6, null, null,"
        " null",
        "insert into d select 10, 'tab' || chr(9) || 'cr' || chr(13) || 'bs'"
        " || chr(92) || chr(8) || chr(11) || chr(12), 7, null, null, null",
        "insert into d select 11, chr(92) || '.', 8, null, null, null",
        "insert into d select 12, chr(92) || 'N', 9, null, null, null")
ALL = "(select * from d order by n)"
ONE = "(select t from d order by n)"

OPTIONS = [
    "", "csv", "csv header", "with csv header", "with (format csv)",
    "(format csv, header)", "with (format csv, header true)",
    "with (format csv, header false)", "with (format text, header)",
    "delimiter '|'", "with delimiter as ';' null as 'nil'", "null ''",
    "csv null 'nil'", "csv quote ''''", "csv quote '^' escape '~' header",
    "csv delimiter E'\\t'", "with (format csv, delimiter ';', null 'nil')",
    "csv force quote t", "csv force quote *", "csv header force quote t, day",
    "with (format csv, force_quote (t, \"odd, name\"), header)",
    "with (format csv, force_quote *)", "with (format 'csv', quote 'x')",
    "with (encoding 'UTF8')", "csv delimiter ' '",
]


@pytest.fixture(scope="module", name="stage")
def make_stage():
    stage = Stage()
    for sql in DATA:
        stage.sql(sql)
    yield stage
    stage.stop()


@pytest.fixture(scope="module", name="peer")
def make_peer():
    server = Server()
    for sql in DATA:
        psql(server, sql)
    yield server
    server.stop()


@pytest.fixture(name="me")
def make_person(stage, tmp_path):
    return Person(stage, tmp_path)


def psql(server, *commands):
    words = [BIN / "psql", "-X", "-q", "-h", server.dir, "-U", "tester",
             "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
    for command in commands:
        words += ["-c", command]
    return subprocess.run(words, check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE).stdout


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("what", [ALL, ONE], ids=["rows", "one column"])
def test_it_is_what_psql_copies(me, peer, what, options):
    if what == ONE and ("day" in options or "odd" in options):
        options = "csv"
    psql(peer, f"\\copy {what} to '{me.home}/theirs' {options}")
    told = me.run(f"\\copy {what} to 'ours' {options}")
    assert told == "COPY 12\n"
    assert (me.home / "ours").read_bytes() == \
        (me.home / "theirs").read_bytes()


@pytest.mark.parametrize("what", [
    "d", "d (n, t)", 'd ("odd, name", day)', "public.d", "public.d(n)"])
def test_tables_and_their_columns(me, peer, what):
    psql(peer, f"\\copy {what} to '{me.home}/theirs' csv header")
    me.run(f"\\copy {what} to ours csv header")
    ours, theirs = ((me.home / name).read_bytes()
                    for name in ("ours", "theirs"))
    assert sorted(ours.split(b"\n")) == sorted(theirs.split(b"\n"))
    assert ours.split(b"\n")[0] == theirs.split(b"\n")[0]


def test_to_stdout_a_program_and_the_count(me):
    told = me.run("\\copy (select 1 as a, 'x' as b) to stdout csv header",
                  "\\echo rows :ROW_COUNT",
                  "\\copy (select n from d order by n limit 3) to program"
                  " 'tr 123 abc > letters'")
    assert told == "a,b\n1,x\nrows 1\nCOPY 3\n"
    assert (me.home / "letters").read_text() == "a\nb\nc\n"


REFUSED = {
    "with (format binary)": "not binary",
    "binary": "not binary",
    "csv delimiter 'ab'": "single one-byte character",
    "quote 'x'": "go with csv only",
    "with (encoding 'latin1')": "iconv -f utf-8 -t latin1",
    "csv delimiter '\"'": "must differ",
    "delimiter 'a'": "cannot be a letter",
    "with (nonsense)": "no option nonsense",
    "delimiter": "DELIMITER needs a value",
    "null 'a\tb'": "cannot hold the delimiter",
}


@pytest.mark.parametrize("options", REFUSED)
def test_refused_before_the_server_is_asked(me, options):
    told = me.run(f"\\copy d to 'ours' {options}", fails=True)
    assert REFUSED[options] in told
    assert not (me.home / "ours").exists()


def test_a_failure_leaves_the_old_file(me):
    (me.home / "ours").write_text("old")
    told = me.run("\\copy (select 1 / (n - 12) from d) to ours", fails=True)
    assert "division by zero" in told
    told = me.run("\\copy nowhere to ours", fails=True)
    assert "does not exist" in told
    assert (me.home / "ours").read_text() == "old"
    assert [path.name for path in me.home.iterdir()
            if path.name.startswith(".ours")] == []


def test_the_file_behind_a_link_keeps_who_may_read_it(me):
    secret = me.home / "secret"
    secret.write_text("old")
    secret.chmod(0o600)
    for name in ("link", "late"):
        (me.home / name).symlink_to("secret" if name == "link" else "new")
        me.run(f"\\copy (select 1) to '{name}'")
        assert (me.home / name).is_symlink()
        assert (me.home / name).read_text() == "1\n"
    assert secret.stat().st_mode & 0o777 == 0o600


def test_the_person_s_own_name_is_in_the_message(me):
    told = me.run("\\copy (select 1) to 'nowhere/x.csv'", fails=True)
    assert told.startswith("nowhere/x.csv: No such file")


def test_many_rows_take_no_memory(stage, me):
    stage.sql("create table many as select n, repeat('x', 200) as t from "
              + numbers(400_000))
    # the sanitizer keeps what is freed for a while
    me.env["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + \
        ":quarantine_size_mb=4"
    peak = {}
    for name, where in (("small", "n < 10"), ("large", "true")):
        process = me.start(f"\\copy (select * from many where {where})"
                           f" to {name}.csv csv")
        said = process.stdout.read() + process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, said
        peak[name] = usage.ru_maxrss * 1024
    size = (me.home / "large.csv").stat().st_size
    assert size > 80_000_000
    assert peak["large"] - peak["small"] < size / 2


def test_from_says_the_way_by_s3(me):
    (me.home / "x.csv").write_text("1\n")
    told = me.run("\\copy d from 'x.csv' csv", fails=True, staging=None)
    assert "--stage s3://" in told
