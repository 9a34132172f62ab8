"""UNLOAD as Redshift documents it: every row of unload-options.tsv with what
it excludes and needs, and what its files hold."""

import bz2
import gzip
import json
import re
import threading
import time

import pytest

from redshift_loads import (ROLE, Loads, fits, plain, refused_here,
                            rows)

SAMPLES = {
    "CSV": "csv", "PARQUET": "parquet", "JSON": "json",
    "FIXEDWIDTH": "fixedwidth 'a:9,b:9,c:9'", "DELIMITER": "delimiter ';'",
    "ADDQUOTES": "addquotes", "ESCAPE": "escape", "NULL": "null as 'x'",
    "HEADER": "header", "GZIP": "gzip", "BZIP2": "bzip2", "ZSTD": "zstd",
    "ALLOWOVERWRITE": "allowoverwrite", "CLEANPATH": "cleanpath",
    "KMS_KEY_ID": "kms_key_id 'k'", "ENCRYPTED_AUTO": "encrypted auto",
    "MASTER_SYMMETRIC_KEY": "master_symmetric_key 'AAAA'",
    "IAM_ROLE": f"iam_role '{ROLE}RedshiftUnload'",
    "CREDENTIALS": f"credentials 'aws_iam_role={ROLE}RedshiftCopy'",
    "ACCESS_KEY_ID": "access_key_id 'a' secret_access_key 'b'",
}
OPTIONS = rows("unload-options.tsv")
PAIRS = [(row["key"], other) for row in OPTIONS
         for other in row["conflicts"].split()]
PAIRS += [("GZIP", "BZIP2"), ("GZIP", "ZSTD"), ("BZIP2", "ZSTD")]
UNPACK = {"gz": gzip.decompress, "bz2": bz2.decompress}
TABLE = ("create table v (a int, b varchar(9), c int, d numeric(4,2))",
         "insert into v values (1, 'x,y', null, 1.5), (2, 'p|q', 3, null)")


@pytest.fixture(scope="module")
def loads():
    here = Loads()
    yield here
    here.stop()


@pytest.fixture(autouse=True)
def table_and_no_files(loads):
    loads.reset()
    loads.drop("u/")
    for sql in TABLE:
        loads.run(sql)


def files(loads):
    """What follows u/r_: body, unpacked by its end."""
    found = {}
    for key in loads.keys("u/"):
        body = loads.get(key)
        found[key[len("u/r_"):]] = \
            UNPACK.get(key.rpartition(".")[2], bytes)(body)
    return found


def check_files(loads, expected):
    found = files(loads)
    wanted = dict(part.split("=", 1) if not part.startswith("/") else
                  part.rsplit("=", 1) for part in expected.split(";"))
    assert sorted(found) == sorted(wanted)
    for name, body in wanted.items():
        if body.startswith("#"):
            assert found[name].count(b"\n") == int(body[1:])
        elif body.startswith('{"entries"'):
            assert json.loads(found[name]) == json.loads(body)
        else:
            assert found[name] == plain(body), name


@pytest.mark.parametrize("row", OPTIONS, ids=lambda row: row["key"])
def test_option(loads, row):
    answer = loads.answer(row["sql"])
    if row["expected"].startswith("!"):
        assert fits(answer, row["expected"]), answer
        assert loads.keys("u/") == []
        return
    assert answer == "UNLOAD", answer
    check_files(loads, row["expected"])


@pytest.mark.parametrize("row", [row for row in OPTIONS if row["requires"]],
                         ids=lambda row: row["key"])
def test_requirement(loads, row):
    answer = loads.answer(row["requires"])
    assert fits(answer, row["refused"]), answer


def test_what_does_not_work_is_listed():
    listed = refused_here("UNLOAD")
    for row in OPTIONS:
        name = row["key"].replace("[FORMAT [AS]] ", "").split()[0]
        found = re.search(rf"\b{re.escape(name)}\b", listed)
        assert bool(found) == row["expected"].startswith("!SB001"), name


def sample(key):
    for word in key.replace("[FORMAT [AS]] ", "").split():
        if word in SAMPLES:
            return SAMPLES[word]
    raise KeyError(key)


@pytest.mark.parametrize("key, other", PAIRS)
def test_pair_excludes_each_other(loads, key, other):
    tail = f"{sample(key)} {SAMPLES[other]}"
    if "iam_role" not in tail:
        tail = "iam_role default " + tail
    answer = loads.answer("unload ('select a, b, c from v') to"
                          f" 's3://lake/u/r_' {tail}")
    state = "42601" if "given twice" in answer else "0A000"
    assert answer.startswith(f"!{state} "), (tail, answer)
    assert "is not compatible with" in answer or \
        "authorization is given twice" in answer, (tail, answer)
    assert loads.keys("u/") == []


# --- values ---

def unload(loads, query, options, parallel="parallel off"):
    loads.drop("u/")
    quoted = query.replace("\\", "\\\\").replace("'", "''")
    loads.run(f"unload ('{quoted}') to 's3://lake/u/r_' iam_role default"
              f" {parallel} {options}")
    return files(loads)


VALUES = {
    # query, options: the one file
    "booleans and times": (
        "select true, false, '2024-02-29'::date,"
        " '2024-02-29 13:14:15.5'::timestamp", "",
        b"t|f|2024-02-29|2024-02-29 13:14:15.5\n"),
    "quotes of csv": ("select 'a\"b'::varchar, 'c\nd'::varchar, 'e f'::varchar",
                      "csv", b'"a""b","c\nd",e f\n'),
    "csv by another delimiter": ("select 'a;b'::varchar, 'c,d'::varchar",
                                 "csv delimiter ';'", b'"a;b";c,d\n'),
    "escape with quotes": ("select 'a\"b'::varchar, 'c|d'::varchar",
                           "escape addquotes", b'"a\\"b"|"c\\|d"\n'),
    "super": ("select json_parse('{\"a\": [1, \"x y\"]}'), 1", "",
              b'{"a":[1,"x y"]}|1\n'),
    "super in csv": ("select json_parse('{\"a\": 1}'), 1", "csv",
                     b'"{""a"":1}",1\n'),
    "super in json": ("select json_parse('{\"a\": [true, null]}') as s", "json",
                      b'{"s":{"a":[true,null]}}\n'),
    "null of super is not null as": (
        "select null::super as s, null::int as i", "null as 'NIL'", b"|NIL\n"),
    "varbyte": ("select from_hex('00ff') as v", "", b"00ff\n"),
    "texts of json": ("select 'a\"\\\\\n\u00fc'::varchar as t, 1.5::float8 as f,"
                      " 'NaN'::float8 as n", "json",
                      '{"t":"a\\"\\\\\\nü","f":1.5,"n":"NaN"}\n'.encode()),
    "fixed width counts characters": (
        "select 'Zür'::varchar, 1", "fixedwidth 'a:4,b:2'",
        "Zür 1 \n".encode()),
    "null text in a number's width": (
        "select null::int as a, 1 as b", "null as 'NIL' fixedwidth 'a:2,b:1'",
        b"  1\n"),
    "names in csv": ("select 1 as \"a,b\", 2 as c", "csv header",
                     b'"a,b",c\n1,2\n'),
}


@pytest.mark.parametrize("name", VALUES)
def test_values(loads, name):
    query, options, body = VALUES[name]
    assert unload(loads, query, options) == {"000": body}


def test_no_rows(loads):
    none = "select a from v where false"
    assert unload(loads, none, "") == {"000": b""}
    assert unload(loads, none, "csv header") == {"000": b"a\n"}
    assert unload(loads, none, "json") == {}
    assert unload(loads, "select a, b from v where false",
                  "partition by (a)") == {}
    assert unload(loads, none, "", "") == {"0000_part_00": b"",
                                           "0001_part_00": b""}


def test_varbyte_has_no_fixed_width(loads):
    answer = loads.answer(
        "unload ('select from_hex(''00'') as v') to 's3://lake/u/r_'"
        " iam_role default fixedwidth 'v:9'")
    assert fits(answer, "!0A000 VARBYTE is not supported with FIXEDWIDTH")


# --- partitions ---

def test_partitions_by_two_columns(loads):
    loads.run("create table p (a int, b varchar(20), c date)")
    loads.run("insert into p values (1, 'x/y', '2024-01-02'),"
              " (2, 'x/y', null), (3, 'z', '2024-01-02')")
    query = "select a, b, c from p order by a"
    assert unload(loads, query, "partition by (c, b)") == {
        "/c=2024-01-02/b=x%2Fy/000": b"1\n",
        "/c=2024-01-02/b=z/000": b"3\n",
        "/c=__HIVE_DEFAULT_PARTITION__/b=x%2Fy/000": b"2\n"}
    assert unload(loads, query, "csv header partition by (b) include") == {
        "/b=x%2Fy/000": b"a,b,c\n1,x/y,2024-01-02\n2,x/y,\n",
        "/b=z/000": b"a,b,c\n3,z,2024-01-02\n"}


BAD_KEYS = [
    ("select a, b from v", "x", "!42703"),
    ("select a, from_hex('00') as k from v", "k", "!0A000"),
    ("select a, json_parse('1') as k from v", "k", "!0A000"),
    ("select a, 1::float8 as k from v", "k", "!0A000"),
    ("select a from v", "a", "!42601"),
    ("select a, b from v", "'b'", "!42601"),
]


@pytest.mark.parametrize("query, keys, state", BAD_KEYS)
def test_bad_partition_keys(loads, query, keys, state):
    quoted = query.replace("'", "''")
    answer = loads.answer(
        f"unload ('{quoted}') to 's3://lake/u/r_' iam_role default"
        f" partition by ({keys})")
    assert answer.startswith(state + " "), answer
    assert loads.keys("u/") == []


def test_cleanpath_of_partitions_leaves_the_others(loads):
    loads.put("u/r_/c=3/old", b"")
    loads.put("u/r_/c=4/old", b"")
    loads.run("unload ('select a, c from v where c is not null') to"
              " 's3://lake/u/r_' iam_role default partition by (c) cleanpath"
              " parallel off")
    assert loads.keys("u/") == ["u/r_/c=3/000", "u/r_/c=4/old"]


def test_a_key_too_long_leaves_no_files(loads):
    answer = loads.answer(
        "unload ('select a, repeat(''x'', a * 600)::varchar(1200) as k from v')"
        " to 's3://lake/u/r_' iam_role default partition by (k)")
    assert fits(answer, "!XX000 the key of a file would be too long"), answer
    assert loads.keys("u/") == []


def test_many_partitions_need_few_open_files(loads):
    loads.run("create table p (a int, b int)")
    values = ", ".join(f"({n % 300}, {n})" for n in range(1200))
    loads.run("insert into p values " + values)
    loads.run("unload ('select a, b from p') to 's3://lake/u/r_' iam_role"
              " default csv partition by (a) manifest")
    manifest = json.loads(loads.get("u/r_/manifest"))
    bodies = b"".join(loads.get(entry["url"][len("s3://lake/"):])
                      for entry in manifest["entries"])
    assert sorted(map(int, bodies.split())) == list(range(1200))
    folders = {entry["url"].split("/")[5] for entry in manifest["entries"]}
    assert folders == {f"a={n}" for n in range(300)}
    loads.run("create table back (b int)")
    loads.run("copy back from 's3://lake/u/r_/manifest' iam_role default csv"
              " manifest")
    assert loads.run("select count(*), sum(b) from back") == [
        (1200, 1199 * 600)]


# --- the rest ---

def test_manifest_verbose_tells_columns_and_counts(loads):
    found = unload(loads, "select a, b, d, d as \"D2\" from v order by a",
                   "manifest verbose gzip")
    manifest = json.loads(found["manifest"])
    (entry,) = manifest["entries"]
    size = len(loads.get("u/r_000.gz"))
    assert entry == {"url": "s3://lake/u/r_000.gz",
                     "meta": {"content_length": size, "record_count": 2}}
    assert [(e["name"], e["type"]["base"])
            for e in manifest["schema"]["elements"]] == [
                ("a", "integer"), ("b", "character varying"),
                ("d", "numeric"), ("d2", "numeric")]
    assert manifest["meta"] == {"content_length": size, "record_count": 2}
    assert set(manifest["author"]) == {"name", "version"}


ROUND_TRIPS = {
    "csv null as '~' bzip2": None, "escape null as '~' zstd": None,
    "addquotes escape null as '~'": "removequotes escape null as '~'",
    "json": "json 'auto'",
    "fixedwidth 'a:11,b:30,c:10,d:26,e:5,f:25'":
        "fixedwidth 'a:11,b:30,c:10,d:26,e:5,f:25' emptyasnull blanksasnull"
        " trimblanks",
    "header csv null as '~'": "csv ignoreheader 1 null as '~'",
    "delimiter '\\\\001' null as '~' escape": None,
}


@pytest.mark.parametrize("options", ROUND_TRIPS)
def test_what_it_writes_copy_reads(loads, options):
    columns = ("a int, b varchar(30), c date, d timestamp, e boolean,"
               " f float8")
    loads.run(f"create table s ({columns})")
    loads.run("insert into s values (1, 'back\\\\slash | \"q\" ü ''s',"
              " '2024-02-29', '2024-02-29 13:14:15.5', true, 0.1),"
              " (null, null, null, null, null, null),"
              " (-2, 'z', '0001-01-01', '9999-12-31 23:59:59', false, -1e99)")
    unload(loads, "select * from s", options, "")
    loads.run(f"create table back ({columns})")
    loads.run("copy back from 's3://lake/u/r_' iam_role default "
              + (ROUND_TRIPS[options] or options))
    assert sorted(map(str, loads.run("select * from back"))) == \
        sorted(map(str, loads.run("select * from s")))


def test_it_is_told_in_the_views(loads):
    unload(loads, "select a from v order by a", "gzip csv")
    assert loads.run(
        "select status, file_format, compression_type, unloaded_location,"
        " unloaded_rows, unloaded_files_count, error_message"
        " from sys_unload_history order by query_id desc limit 1") == [
            ("completed", "CSV", "gzip", "s3://lake/u/r_", 2, 1, "")]
    size = len(loads.get("u/r_000.gz"))
    assert loads.run(
        "select trim(path), line_count, transfer_size, trim(file_format)"
        " from stl_unload_log where query = pg_last_unload_id()") == [
            ("s3://lake/u/r_000.gz", 2, size, "CSV")]
    assert loads.run(
        "select trim(file_name), line_count from sys_unload_detail"
        " where query_id = pg_last_unload_id()") == [
            ("s3://lake/u/r_000.gz", 2)]
    loads.answer("unload ('select 1/(a-1) from v') to 's3://lake/u/x_'"
                 " iam_role default")
    (row,) = loads.run("select status, unloaded_rows, error_message from"
                       " sys_unload_history order by query_id desc limit 1")
    assert row[:2] == ("aborted", 0) and row[2] != ""


def test_failing_it_leaves_what_was_there(loads):
    loads.put("u/r_000", b"old\n")
    answer = loads.answer("unload ('select 1/(a-2) from v order by a') to"
                          " 's3://lake/u/r_' iam_role default cleanpath"
                          " parallel off")
    assert answer.startswith("!22012 "), answer
    assert files(loads) == {"000": b"old\n"}


def test_cancel_leaves_no_files(loads):
    db = loads.connect()
    answers = []
    loads.run("begin")
    loads.run("lock v")
    thread = threading.Thread(target=lambda: answers.append(loads.answer(
        "unload ('select a from v') to 's3://lake/u/r_' iam_role default",
        db)))
    thread.start()
    watcher = loads.connect()
    while not loads.run("select 1 from pg_locks where not granted", watcher):
        time.sleep(0.01)
    db.cancel()
    thread.join()
    loads.run("rollback")
    watcher.close()
    db.close()
    assert answers[0].startswith("!57014 "), answers
    assert loads.keys("u/") == []


@pytest.mark.parametrize("role, words", [
    ("LakeOnly", ""), ("NoDelete", ""), ("ReadOnly", "AccessDenied"),
    ("ListOnly", "AccessDenied"), ("Nothing", "AccessDenied"),
    ("NotAttached", "is not authorized to assume IAM Role"),
    ("RedshiftUnload,LakeOwner", "is not authorized to assume IAM Role"),
    ("RedshiftCopy,LakeOwner", ""),
])
def test_access(loads, role, words):
    roles = ",".join(ROLE + name for name in role.split(","))
    answer = loads.answer("unload ('select 1 as a') to 's3://lake/u/r_'"
                          f" iam_role '{roles}' parallel off")
    if words:
        assert fits(answer, "!XX000 ") and words in answer
        assert loads.keys("u/") == []
    else:
        assert files(loads) == {"000": b"1\n"}


def test_a_bucket_of_another_region(loads):
    loads.run("unload ('select 1 as a') to 's3://lake-eu/u/r_' iam_role"
              " default region 'eu-west-1' parallel off allowoverwrite")
    assert loads.get("u/r_000", "lake-eu") == b"1\n"
    answer = loads.answer(
        "unload ('select 1 as a') to 's3://lake/u/r_' iam_role default"
        " region 'eu-west-1'")
    assert "Error PermanentRedirect" in answer
