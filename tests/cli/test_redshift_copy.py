"""COPY as Redshift documents it: every row of copy-options.tsv with what it
excludes and needs, every load error, roles, regions, progress."""

import json
import os
import socket
import threading
import time

import pytest

from redshift_loads import (ROLE, Loads, fits, lzop, plain, refused_here,
                            rows)

ROLES = ("name\tattached\tdefault\ttrusts\tpolicy\n"
         "Chained\tno\tno\tReadOnly\tall@lake\n")

# A way to write each option, for the pairs that exclude each other.
SAMPLES = {
    "CSV": "csv", "DELIMITER": "delimiter ';'", "QUOTE": "csv quote '%'",
    "FIXEDWIDTH": "fixedwidth 'a:1,b:1'", "SHAPEFILE": "shapefile",
    "AVRO": "avro 'auto'", "JSON": "json 'auto'", "PARQUET": "parquet",
    "ORC": "orc", "GZIP": "gzip", "BZIP2": "bzip2", "LZOP": "lzop",
    "ZSTD": "zstd", "ESCAPE": "escape", "REMOVEQUOTES": "removequotes",
    "NULL": "null as 'x'", "FILLRECORD": "fillrecord", "SSH": "ssh",
    "IGNOREBLANKLINES": "ignoreblanklines", "IGNOREHEADER": "ignoreheader 1",
    "ACCEPTINVCHARS": "acceptinvchars", "ACCEPTANYDATE": "acceptanydate",
    "BLANKSASNULL": "blanksasnull", "DATEFORMAT": "dateformat 'auto'",
    "EMPTYASNULL": "emptyasnull", "ENCODING": "encoding utf8",
    "ROUNDEC": "roundec", "TIMEFORMAT": "timeformat 'auto'",
    "TRIMBLANKS": "trimblanks", "TRUNCATECOLUMNS": "truncatecolumns",
    "READRATIO": "readratio 50", "MANIFEST": "manifest",
    "ENCRYPTED": "encrypted master_symmetric_key 'AAAA'",
    "REGION": "region 'us-east-1'", "MAXERROR": "maxerror 5",
    "IGNOREALLERRORS": "ignoreallerrors", "NOLOAD": "noload",
    "COMPUPDATE": "compupdate on", "COMPROWS": "comprows 2000",
    "JOB": "job create nightly",
    "IAM_ROLE": f"iam_role '{ROLE}RedshiftCopy'",
    "CREDENTIALS": "credentials 'aws_access_key_id=a;"
                   "aws_secret_access_key=b'",
    "ACCESS_KEY_ID": "access_key_id 'a' secret_access_key 'b'",
}
LOGINS = ("IAM_ROLE", "CREDENTIALS", "ACCESS_KEY_ID")
OPTIONS = rows("copy-options.tsv")
PAIRS = [(row["key"], other) for row in OPTIONS
         for other in row["conflicts"].split()]


@pytest.fixture(scope="module")
def loads():
    here = Loads(ROLES)
    here.put_all()
    yield here
    here.stop()


@pytest.fixture(autouse=True)
def no_leftovers(loads):
    loads.reset()


@pytest.mark.parametrize("row", OPTIONS, ids=lambda row: row["key"])
def test_option(loads, row):
    answer = loads.answer(row["sql"])
    assert fits(answer, row["expected"]), answer


@pytest.mark.parametrize("row", [row for row in OPTIONS if row["requires"]],
                         ids=lambda row: row["key"])
def test_requirement(loads, row):
    answer = loads.answer(row["requires"])
    assert fits(answer, row["refused"]), answer


@pytest.mark.parametrize("level", range(1, 10))
def test_lzop_of_every_level(loads, level):
    """Blocks of 256 KiB, packed and stored, two members, all checksums."""
    random = "".join(f"{i * 2654435761 % 2**32:x}|{'y' * (i % 40)}\n"
                     for i in range(20000))
    flags = [[], ["-F"], ["--crc32"]][level % 3]
    half = len(random) // 2
    uri = loads.put("e/lzo", lzop(random[:half].encode(), f"-{level}", *flags)
                    + lzop(random[half:].encode(), f"-{level}"))
    loads.run("create table t (a varchar(20), b varchar(40))")
    loads.run(f"copy t from '{uri}' iam_role default lzop")
    assert loads.run("select count(*), sum(len(a) + len(b) + 2) from t") == \
        [(20000, len(random))]


def test_damaged_lzop(loads):
    whole = lzop(b"1|x\n" * 1000)
    loads.run("create table t (a varchar(20), b varchar(40))")
    for body, says in ((whole[:-5], "the lzop data are cut short"),
                       (whole + b"x" * 9, "no member of lzop begins here"),
                       (b"", "the lzop data are cut short"),
                       (whole[:60] + b"?" + whole[61:], "are damaged")):
        answer = loads.answer(f"copy t from '{loads.put('e/lzo', body)}'"
                              " iam_role default lzop")
        assert answer.startswith("!XX000 cannot read s3://lake/e/lzo"), answer
        assert says in answer, answer


def test_what_does_not_work_is_listed():
    listed = refused_here("COPY")
    for row in OPTIONS:
        key = row["key"]
        name = key if key.startswith("FROM") else key.split()[0]
        if row["expected"].startswith("!SB001"):
            assert name in listed, key
        elif not key.startswith(("FROM", "IAM_ROLE")):
            assert f"\n{name}" not in listed, key


def pair(key, other):
    """Source and options of two that exclude each other."""
    source, own = "s3://lake/o/one", ""
    if key.startswith("FROM"):
        source = key[key.index("'") + 1:].split("'")[0]
        source = source.replace("ssh-manifest", "lake/o/one")
        own = "ssh" if key.endswith("SSH") else \
            "readratio 50" if source.startswith("dynamodb") else ""
    else:
        word = key.split()[0]
        own = {"IAM_ROLE default": "iam_role default",
               "IAM_ROLE 'SESSION'": "iam_role 'SESSION'"}.get(
                   key, SAMPLES.get(word, ""))
        assert own, key
    if other == "READRATIO" and own == "readratio 50":
        own = ""
    tail = f"{SAMPLES[other]} {own}" if own.startswith("job") else \
        f"{own} {SAMPLES[other]}"
    if not any(tail.startswith(SAMPLES[login]) or login.lower() in tail
               for login in LOGINS):
        login = SAMPLES["IAM_ROLE"] if "job" in tail else "iam_role default"
        tail = f"{login} {tail}"
    return f"copy t from '{source}' {tail}"


@pytest.mark.parametrize("key, other", PAIRS)
def test_pair_excludes_each_other(loads, key, other):
    loads.run("create table t (a varchar(20), b varchar(20))")
    sql = pair(key, other)
    answer = loads.answer(sql)
    state = "42601" if "given twice" in answer else "0A000"
    assert answer.startswith(f"!{state} "), (sql, answer)
    words = ("is not compatible with", "argument is not supported for",
             "authorization is given twice", "only compatible with")
    assert any(word in answer for word in words), (sql, answer)
    if other not in LOGINS:
        # a quote character comes with CSV
        word = "CSV" if other == "QUOTE" else other
        assert word in answer, (sql, answer)
    assert loads.run("select count(*) from t") == [(0,)]


# --- load errors ---

ERRORS = rows("load-errors.tsv")


def last_errors(loads):
    return loads.run(
        "select trim(filename), line_number, trim(colname), trim(type),"
        " trim(col_length), trim(raw_field_value), err_code,"
        " trim(err_reason), rtrim(raw_line) from stl_load_errors where query"
        " = (select max(query) from stl_load_errors) order by line_number")


@pytest.mark.parametrize("row", ERRORS,
                         ids=lambda row: f"{row['code']}-{row['name']}")
def test_load_error(loads, row):
    body = plain(row["body"])
    uri = loads.put("e/" + row["name"], body)
    loads.run(f"create table t ({row['columns']})")
    # COPY fails at the first
    answer = loads.answer(
        f"copy t from '{uri}' iam_role default {row['options']}")
    assert answer.startswith(
        "!XX000 Load into table 't' failed.  Check 'sys_load_error_detail'"
        " system table for details."), answer
    assert loads.run("select count(*) from t") == [(0,)]
    (error,) = last_errors(loads)
    assert error[:8] == (uri, int(row["line"]), row["column"], row["type"],
                         row["length"], row["field"], int(row["code"]),
                         row["reason"])
    if row["raw"] != "-":
        assert error[8] == row["raw"]
    (detail,) = loads.run(
        "select trim(file_name), line_number, trim(column_name),"
        " trim(column_type), trim(column_length), error_code,"
        " trim(error_message) from sys_load_error_detail"
        " where query_id = (select"
        " max(query_id) from sys_load_error_detail)")
    assert detail == (uri, int(row["line"]), row["column"], row["type"],
                      row["length"], int(row["code"]), row["reason"])
    # and with MAXERROR goes on: the error is of the line, not of the load
    loads.notices()
    loads.run(f"copy t from '{uri}' iam_role default {row['options']}"
              " maxerror 100")
    said = loads.notices()
    assert f"{row['loaded']} record(s) loaded successfully." in said
    assert "1 record(s) could not be loaded." in said


def test_every_code_has_a_case():
    """1200 has no cause that is known; 1212 is a test of its own."""
    codes = {int(row["code"]) for row in ERRORS}
    assert codes == set(range(1201, 1225)) - {1212}


def wait_for_lock(loads, watcher):
    while not loads.run("select 1 from pg_locks where not granted", watcher):
        time.sleep(0.01)


class Blocked:
    """A COPY on a second session that waits for a lock on its table; it has
    listed its files by then."""

    def __init__(self, loads, sql):
        self.loads = loads
        self.db = loads.connect()
        self.answer = None
        loads.run("begin")
        loads.run("lock t")
        self.thread = threading.Thread(target=self.work, args=(sql,))
        self.thread.start()
        self.watcher = loads.connect()
        wait_for_lock(loads, self.watcher)

    def work(self, sql):
        self.answer = self.loads.answer(sql, self.db)

    def release(self):
        self.loads.run("rollback")
        self.thread.join()
        self.watcher.close()
        self.db.close()
        return self.answer


def test_1212_an_object_that_vanishes_ends_the_load(loads):
    loads.run("create table t (a int, b varchar(9))")
    loads.put("v/1", b"1|x\n" * 1000)
    gone = loads.put("v/2", b"2|y\n")
    load = Blocked(loads, "copy t from 's3://lake/v/' iam_role default")
    loads.s3.delete_object(Bucket="lake", Key="v/2")
    answer = load.release()
    assert fits(answer, "!XX000 S3ServiceException:The specified key does not"
                " exist.,Status 404,Error NoSuchKey")
    assert f"S3 key being read : {gone}" in answer
    assert loads.run("select count(*) from t") == [(0,)]
    (error,) = last_errors(loads)
    assert error[0] == gone
    assert error[6:8] == (1212, "Load file was not found")


def test_fields_of_a_refused_line_are_kept(loads):
    loads.run("create table t (a int, b varchar(3), c int)")
    uri = loads.put("e/detail", b"1|x|2\n3|\\N|z\n")
    loads.answer(f"copy t from '{uri}' iam_role default")
    assert loads.run(
        "select line_number, field, trim(colname), trim(value), is_null,"
        " trim(type), trim(col_length) from stl_loaderror_detail where query"
        " = (select max(query) from stl_loaderror_detail) order by field") == [
            (2, 0, "a", "3", 0, "int4", "0"),
            (2, 1, "b", "\\N", 0, "varchar", "3"),
            (2, 2, "c", "z", 0, "int4", "0")]


def test_replacements_are_logged(loads):
    loads.run("create table t (a varchar(9), b varchar(9))")
    uri = loads.put("e/bad", b"a|b\nc|\xff\n\xfe|\xfd\n")
    loads.run(f"copy t from '{uri}' iam_role default acceptinvchars")
    assert "2 record(s) were loaded with replacements made for" \
        " ACCEPTINVCHARS." in loads.notices()
    assert loads.run("select line_number, trim(colname), rtrim(raw_line)"
                     " from stl_replacements where query = (select max(query)"
                     " from stl_replacements) order by 1") == [
                         (2, "b", "c|."), (3, "a", ".|.")]
    assert loads.run("select trim(file_name) from sys_copy_replacements"
                     " where line_number = 3") == [(uri,)]
    assert loads.run("select a, b from t order by 1") == [
        ("?", "?"), ("a", "b"), ("c", "?")]


# --- dates and times ---

AUTO = [
    # automatic-recognition: its table, and its J2345678
    ("2019-02-11T05:09:12.195Z", "2019-02-11 05:09:12.195"),
    ("J2451187", "1999-01-08 00:00:00"),
    ("J2345678 04:05:06.789", "1710-02-23 04:05:06.789"),
    ("Jan-08-95 BC", "0095-01-08 00:00:00 BC"),
    ("19960108 040809", "1996-01-08 04:08:09"),
    ("960108 040809", "1996-01-08 04:08:09"),
    ("1996.008", "1996-01-08 00:00:00"),
    ("1996.366", "1996-12-31 00:00:00"),
    ("1996-01-08 04:05:06.789", "1996-01-08 04:05:06.789"),
    ("17 Dec 07:37:16 1997 PST", "1997-12-17 07:37:16"),
    ("12/17/1997 07:37:16.00 PST", "1997-12-17 07:37:16"),
    ("1997-12-17 07:37:16-08", "1997-12-17 07:37:16"),
    ("12.17.1997 07:37:16.00 PST", "1997-12-17 07:37:16"),
]


@pytest.mark.parametrize("text, at", AUTO)
def test_auto_recognizes(loads, text, at):
    loads.run("create table t (a timestamp, b date, c timestamptz)")
    loads.put("t/auto", f"{text}|{text}|{text}\n")
    loads.run("set timezone to 'UTC'")
    loads.run("copy t from 's3://lake/t/auto' iam_role default"
              " timeformat 'auto' dateformat 'auto'")
    day = at.split()[0] + (" BC" if at.endswith("BC") else "")
    ((a, b, c),) = loads.run("select a::varchar, b::varchar, c::varchar"
                             " from t")
    assert (a, b) == (at, day)
    if "PST" in text or text.endswith("-08"):
        assert c == "1997-12-17 15:37:16+00"


@pytest.mark.parametrize("text", ["1997.366", "1996.000", "1709212455", "J",
                                  "17 Dec 07:37:16 1997 XYZ", "13/13/2024"])
def test_auto_does_not_recognize(loads, text):
    loads.run("create table t (a timestamp)")
    loads.put("t/auto", text)
    answer = loads.answer("copy t from 's3://lake/t/auto' iam_role default"
                          " timeformat 'auto'")
    assert fits(answer, "!XX000 Load into table 't' failed."), answer


FORMATS = [
    # r_DATEFORMAT_and_TIMEFORMAT_strings: its examples
    ("dateformat as 'MM/DD/YYYY'", "03/31/2003", "2003-03-31 00:00:00"),
    ("dateformat as 'MON DD, YYYY'", "March 31, 2003", "2003-03-31 00:00:00"),
    ("dateformat as 'MON-DD-YYYY'", "Jan-01-1999", "1999-01-01 00:00:00"),
    ("timeformat as 'MM.DD.YYYY HH:MI:SS'", "03.31.2003 18:45:05",
     "2003-03-31 18:45:05"),
    ("timeformat as 'MM.DD.YYYY HH:MI:SS'", "03.31.2003 18:45:05.123456",
     "2003-03-31 18:45:05.123456"),
    ("timeformat as 'YYYY-MM-DDTHH24:MI:SS'", "2003-03-31T18:45:05",
     "2003-03-31 18:45:05"),
    ("timeformat as 'MM/DD/YYYY HH12:MI PM'", "03/31/2003 06:45 PM",
     "2003-03-31 18:45:00"),
]


@pytest.mark.parametrize("option, text, at", FORMATS)
def test_formats(loads, option, text, at):
    kind = "date" if option.startswith("date") else "timestamp"
    loads.run(f"create table t (a {kind})")
    loads.put("t/format", text)
    loads.run(f"copy t from 's3://lake/t/format' iam_role default {option}")
    assert loads.run("select a::timestamp::varchar from t") == [(at,)]


@pytest.mark.parametrize("option", [
    "timeformat 'YYYY-MM-DD HH:MI:SSOF'", "timeformat 'HH:MI tz'",
    "timeformat ''", "dateformat ''"])
def test_formats_that_are_refused(loads, option):
    loads.run("create table t (a timestamp)")
    assert fits(loads.answer("copy t from 's3://lake/o/one' iam_role default "
                             + option), "!42601 ")


# --- JSON ---

JSONS = {
    # columns, body, how: what is loaded
    "arrays by index": ("a int, b varchar(9)", '[1,"x"]\n[2,"y"]',
                        {"jsonpaths": ["$[0]", "$[1]"]}, "1|x / 2|y"),
    "brackets": ("a int, b varchar(9)", '{"a b":{"c":[0,7]},"d":"x"}',
                 {"jsonpaths": ["$['a b']['c'][1]", "$['d']"]}, "7|x"),
    "not there": ("a int, b varchar(9)", '{"a":[]}',
                  {"jsonpaths": ["$.a[3]", "$.b.c"]}, "~|~"),
    "no jsonpaths means auto": ("a int, b varchar(9)", '{"b":"x","a":1}',
                                {"paths": ["$.a"]}, "1|x"),
    "numbers stay as written": (
        "a numeric(38,10), b varchar(40)",
        '{"a":1234567890123456789012345678.0123456789,"b":1.50e1}', "auto",
        "1234567890123456789012345678.0123456789|1.50e1"),
    "escapes": ("a varchar(20), b varchar(9)",
                '{"a":"\\u00fc\\ud83d\\ude00\\n\\"\\\\","b":"\\t"}', "auto",
                'ü😀\n"\\|\t'),
    "last of two": ("a int, b int", '{"a":1,"a":2}', "auto", "2|~"),
    "super": ("a super, b super", '{"a":{"k":[1,null,"x"]},"b":"text"}',
              "auto", '{"k":[1,null,"x"]}|"text"'),
}


@pytest.mark.parametrize("name", JSONS)
def test_json(loads, name):
    columns, body, how, expected = JSONS[name]
    loads.run(f"create table t ({columns})")
    uri = loads.put("j/data", body)
    if isinstance(how, dict):
        how = loads.put("paths/j", json.dumps(how))
    loads.run(f"copy t from '{uri}' iam_role default json '{how}'")
    super_ = "super" in columns
    answer = loads.answer("select json_serialize(a), json_serialize(b) from t"
                          if super_ else "select a, b from t")
    assert answer.replace(", ", ",").replace(": ", ":") == expected


BAD_PATHS = [
    (["$.a"], "Number of jsonpaths and the number of columns should match."
     " JSONPath size: 1, Number of columns in table or column list: 2"),
    (["$.a", "$.*"], "Invalid JSONPath format: $.*"),
    (["$.a", "$['b'].c"], "Invalid JSONPath format: $['b'].c"),
    (["$.a", "b"], "Invalid JSONPath format: b"),
    (["$.a", "$[?(@.b)]"], "Invalid JSONPath format: $[?(@.b)]"),
    (["$.a", "$['b'"], "Invalid JSONPath format: $['b'"),
    (["$.a", 1], "Invalid JSONPath format"),
]


@pytest.mark.parametrize("paths, words", BAD_PATHS)
def test_bad_jsonpaths(loads, paths, words):
    loads.run("create table t (a int, b int)")
    loads.put("j/data", '{"a":1}')
    loads.put("paths/j", json.dumps({"jsonpaths": paths}))
    answer = loads.answer("copy t from 's3://lake/j/data' iam_role default"
                          " json 's3://lake/paths/j'")
    assert fits(answer, "!XX000 " + words), answer


def test_noshred_loads_documents(loads):
    loads.run("create table t (a super)")
    uri = loads.put("j/data", '{"a":[1,{"b":null}]}\n[2]\n')
    loads.run(f"copy t from '{uri}' iam_role default json 'noshred'")
    got = loads.run("select json_serialize(a) from t order by 1")
    assert sorted(text.replace(" ", "") for (text,) in got) == \
        ["[2]", '{"a":[1,{"b":null}]}']
    loads.run("create table u (a super, b int)")
    assert fits(loads.answer(f"copy u from '{uri}' iam_role default"
                             " json 'noshred'"), "!0A000 JSON 'noshred'")


# --- roles and regions ---

DENIED = "S3ServiceException:Access Denied,Status 403,Error AccessDenied"
ACCESS = [
    # role, where from, what is said; "": it loads
    ("RedshiftCopy", "s3://lake/o/one", ""),
    ("ReadOnly", "s3://lake/o/one", ""),
    ("ReadOnly,RedshiftCopy", "s3://lake/o/one", "is not authorized to assume"
     " IAM Role arn:aws:iam::123456789012:role/RedshiftCopy"),
    ("ReadOnly,Chained", "s3://lake/o/one", ""),
    ("ReadOnly,Chained", "s3://other/one", DENIED),
    ("Chained", "s3://lake/o/one", "is not authorized to assume"),
    ("Nobody", "s3://lake/o/one", "is not authorized to assume IAM Role"
     " arn:aws:iam::123456789012:role/Nobody"),
    ("NotAttached", "s3://lake/o/one", "is not authorized to assume"),
    ("Nothing", "s3://lake/o/one", DENIED),
    ("LakeOnly", "s3://lake/o/one", ""),
    ("LakeOnly", "s3://other/one", DENIED),
    ("RedshiftCopy", "s3://lake-eu/one", "Error PermanentRedirect"),
    ("Nothing", "s3://lake-eu/one", "Error PermanentRedirect"),
    ("Nothing", "s3://no-such-bucket/one", "Error NoSuchBucket"),
]


@pytest.mark.parametrize("role, source, words", ACCESS)
def test_access(loads, role, source, words):
    loads.run("create table t (a int, b varchar(9))")
    roles = ",".join(ROLE + name for name in role.split(","))
    answer = loads.answer(f"copy t from '{source}' iam_role '{roles}'")
    assert answer == "COPY" if not words else \
        fits(answer, "!XX000 ") and words in answer, answer
    assert loads.run("select count(*) from t") == [(0 if words else 2,)]


def test_what_a_manifest_names_needs_its_own_rights(loads):
    loads.run("create table t (a int, b varchar(9))")
    loads.put("manifest/two", json.dumps({"entries": [
        {"url": "s3://lake/o/one"}, {"url": "s3://other/one"}]}))
    sql = "copy t from 's3://lake/manifest/two' iam_role '%s%s' manifest"
    answer = loads.answer(sql % (ROLE, "LakeOnly"))
    assert DENIED in answer and "s3://other/one" in answer
    assert loads.answer(sql % (ROLE, "ReadOnly")) == "COPY"
    assert loads.run("select count(*) from t") == [(4,)]


def test_a_list_without_get_stops_at_the_object(loads):
    loads.run("create table t (a int, b varchar(9))")
    answer = loads.answer(
        f"copy t from 's3://lake/o/one' iam_role '{ROLE}ListOnly'")
    assert DENIED in answer
    assert "S3 key being read : s3://lake/o/one" in answer


def test_with_region_every_object_must_be_there(loads):
    loads.run("create table t (a int, b varchar(9))")
    loads.put("manifest", json.dumps({"entries": [
        {"url": "s3://lake-eu/one"}, {"url": "s3://lake/o/one"}]}), "lake-eu")
    answer = loads.answer("copy t from 's3://lake-eu/manifest' iam_role"
                          " default manifest region 'eu-west-1'")
    assert "Error PermanentRedirect" in answer
    assert "s3://lake/o/one" in answer
    assert loads.run("select count(*) from t") == [(0,)]


MANIFESTS = [
    ({"entries": [{"url": "s3://lake/o/one", "meta": {"content_length": 7}}]},
     "The content length in the manifest file does not match"),
    ({"entries": [{"url": "s3://lake/o/one"}, {"mandatory": True}]},
     "Invalid url in manifest file"),
    ({"entries": [{"url": 7}]}, "Invalid url in manifest file"),
    ({"entries": ["s3://lake/o/one"]}, "Invalid url in manifest file"),
    ({"entries": {}}, "Manifest file is not in correct json format"),
    ({"entries": [{"url": "s3://lake/o/gone"}]}, "exists"),
    ({"entries": [{"url": "s3://lake/o/one"},
                  {"url": "s3://lake/o/gone", "mandatory": True}]},
     "Error NoSuchKey"),
    ([], "Manifest file is not in correct json format"),
]


@pytest.mark.parametrize("manifest, words", MANIFESTS)
def test_bad_manifests(loads, manifest, words):
    loads.run("create table t (a int, b varchar(9))")
    uri = loads.put("manifest/bad", json.dumps(manifest))
    answer = loads.answer(f"copy t from '{uri}' iam_role default manifest")
    assert fits(answer, "!XX000 ") and words in answer, answer
    assert loads.run("select count(*) from t") == [(0,)]


def test_who_may_not_insert_may_not_copy(loads):
    loads.run("drop user if exists reader")
    loads.run("create user reader password 'Secret123'")
    loads.run("create table t (a int, b varchar(9))")
    loads.run("grant select on t to reader")
    db = loads.connect("reader", "Secret123")
    answer = loads.answer("copy t from 's3://lake/o/one' iam_role default", db)
    assert fits(answer, "!42501 permission denied"), answer
    db.close()
    loads.reset()
    loads.run("drop user reader")


LONG = 4 * 1024 * 1024


def test_a_line_longer_than_four_megabytes(loads):
    loads.run("create table t (a varchar(max))")
    loads.put("e/huge", b"x" * (LONG + 1) + b"\ny\n")
    answer = loads.answer("copy t from 's3://lake/e/huge' iam_role default"
                          " maxerror 5 truncatecolumns")
    assert answer == "COPY"
    (error,) = last_errors(loads)
    assert error[1] == 1 and error[6:8] == (1216,
                                            "Input line is longer than 4 MB")
    assert loads.run("select a from t") == [("y",)]


def test_json_nested_too_deep(loads):
    loads.run("create table t (a super)")
    uri = loads.put("e/deep", '{"a":' + "[" * 5000 + "]" * 5000 + "}\n"
                    '{"a":1}')
    loads.run(f"copy t from '{uri}' iam_role default json 'auto' maxerror 5")
    assert loads.run("select count(*) from t") == [(1,)]
    (error,) = last_errors(loads)
    assert error[6] == 1216


# --- all or nothing ---

def test_a_client_that_leaves_does_not_stop_it(loads):
    """copy-usage_notes-multiple-files: it goes on, unless in a block."""
    loads.run("create table t (a int, b varchar(9))")
    load = Blocked(loads, "copy t from 's3://lake/o/one' iam_role default")
    load_pid = load.db.info.backend_pid
    socket.socket(fileno=os.dup(load.db.fileno())).shutdown(socket.SHUT_RDWR)
    load.release()
    while loads.run("select 1 from stv_sessions where process = %d"
                    % load_pid):
        time.sleep(0.01)
    assert loads.run("select count(*) from t") == [(2,)]
    assert loads.run("select status, loaded_rows from sys_load_history"
                     " order by query_id desc limit 1") == [("completed", 2)]


def test_a_client_that_leaves_its_block_takes_it_along(loads):
    loads.run("create table t (a int, b varchar(9))")
    load = Blocked(loads, "begin; copy t from 's3://lake/o/one' iam_role"
                   " default")
    load_pid = load.db.info.backend_pid
    load.release()
    while loads.run("select 1 from stv_sessions where process = %d"
                    % load_pid):
        time.sleep(0.01)
    assert loads.run("select count(*) from t") == [(0,)]


def test_cancel_while_it_waits(loads):
    loads.run("create table t (a int, b varchar(9))")
    load = Blocked(loads, "copy t from 's3://lake/o/one' iam_role default")
    load.db.cancel()
    load.thread.join()
    answer = load.release()
    assert answer.startswith("!57014 "), answer
    assert loads.run("select count(*) from t") == [(0,)]
    assert loads.run("select status from sys_load_history"
                     " order by query_id desc limit 1") == [("aborted",)]


def test_rows_of_a_failed_load_are_gone_but_its_record_stays(loads):
    loads.run("create table t (a int)")
    uri = loads.put("e/late", b"1\n" * 100000 + b"x\n")
    loads.run("begin")
    loads.run("insert into t values (7)")
    assert fits(loads.answer(f"copy t from '{uri}' iam_role default"),
                "!XX000 Load into table 't' failed.")
    loads.run("rollback")
    assert loads.run("select count(*) from t") == [(0,)]
    (error,) = last_errors(loads)
    assert (error[1], error[5]) == (100001, "x")
    assert loads.run(
        "select status, loaded_rows, error_count, source_file_count"
        " from sys_load_history order by query_id desc limit 1") == [
            ("aborted", 0, 1, 1)]
    assert loads.run("select count(*) from stl_load_commits where query ="
                     " (select max(query_id) from sys_load_history)") == [(0,)]


def test_counts_are_of_the_last_of_each(loads):
    loads.run("create table t (a int, b varchar(9))")
    loads.run("copy t from 's3://lake/o/one' iam_role default")
    loads.drop("counts")
    loads.run("unload ('select a from t where a = 1') to 's3://lake/counts'"
              " iam_role default")
    assert loads.run("select pg_last_copy_count(), pg_last_unload_count()") \
        == [(2, 1)]
    (ids,) = loads.run("select pg_last_copy_id(), pg_last_unload_id()")
    assert 0 < ids[0] < ids[1]


# --- progress ---

def test_a_waiting_load_is_running(loads):
    loads.run("create table t (a int, b varchar(9))")
    load = Blocked(loads, "copy t from 's3://lake/many/' iam_role default")
    seen = loads.run(
        "select session, lines, num_files, num_files_complete, bytes_to_load,"
        " bytes_loaded, pct_complete from stv_load_state", load.watcher)
    history = loads.run("select status, table_name, data_source, loaded_rows,"
                        " source_file_count from sys_load_history"
                        " order by query_id desc limit 1", load.watcher)
    pid = load.db.info.backend_pid
    load.release()
    assert seen == [(pid, 0, 4, 0, 16, 0, 0)]
    assert history == [("running", "t", "s3://lake/many/", 0, 4)]
    assert loads.run("select * from stv_load_state") == []
    assert loads.run(
        "select status, loaded_rows, file_count_scanned, file_bytes_scanned"
        " from sys_load_history order by query_id desc limit 1") == [
            ("completed", 4, 4, 16)]
    assert loads.run(
        "select trim(file_name), lines_scanned, bytes_scanned"
        " from sys_load_detail where query_id = (select max(query_id)"
        " from sys_load_history) order by 1") == [
            ("s3://lake/many/a", 1, 4), ("s3://lake/many/a.bak", 1, 4),
            ("s3://lake/many/a/b", 1, 4), ("s3://lake/many/b", 1, 4)]


def test_progress_grows_while_lines_are_read(loads):
    """Looked at until the load shows lines; one of a million rows takes many
    looks."""
    loads.run("create table t (a int, b varchar(40))")
    body = "".join(f"{n}|row number {n}\n" for n in range(1000000))
    loads.put("p/big", body)
    watcher = loads.connect()
    answers = []
    thread = threading.Thread(target=lambda: answers.append(loads.answer(
        "copy t from 's3://lake/p/big' iam_role default")))
    thread.start()
    seen = []
    while thread.is_alive():
        seen += loads.run(
            "select lines, bytes_loaded, bytes_to_load, pct_complete,"
            " trim(current_file) from stv_load_state", watcher)
    thread.join()
    watcher.close()
    assert answers == ["COPY"]
    moving = [row for row in seen if row[0] > 0]
    assert moving and moving == sorted(moving)
    for lines, loaded, total, percent, current in moving:
        assert 0 < loaded <= total == len(body)
        assert percent == loaded * 100 // total
        assert lines <= 1000000 and current == "s3://lake/p/big"


def test_loads_of_others_are_not_seen(loads):
    loads.run("drop user if exists loader")
    loads.run("create user loader password 'Secret123'")
    loads.run("create table t (a int, b varchar(9))")
    loads.run("grant insert on t to loader")
    loads.run("copy t from 's3://lake/o/one' iam_role default")
    db = loads.connect("loader", "Secret123")
    assert loads.run("select count(*) from sys_load_history", db) == [(0,)]
    assert loads.answer("copy t from 's3://lake/o/one' iam_role default",
                        db) == "COPY"
    assert loads.run("select count(*) from sys_load_history", db) == [(1,)]
    answer = loads.answer("copy t from 's3://lake/o/one' iam_role default"
                          " statupdate on", db)
    assert fits(answer, "!42501 must be owner of relation t"), answer
    db.close()
    loads.reset()
    loads.run("drop user loader")


def test_names_keep_their_case_where_the_session_says(loads):
    loads.put("case/rows", "1|one\n2|two\n")
    for sql, answer in (
            ("set enable_case_sensitive_identifier to true", "SET"),
            ('create table "Mixed" ("Word" varchar(9), "Id" int)',
             "CREATE TABLE"),
            ('copy "Mixed" ("Id", "Word") from \'s3://lake/case/rows\''
             " iam_role default", "COPY"),
            ("copy mixed from 's3://lake/case/rows' iam_role default",
             "!42P01 Cannot COPY into nonexistent table mixed"),
            ('select "Word", "Id" from "Mixed" order by 2', "one|1 / two|2"),
            ('unload (\'select "Word", "Id" from "Mixed"\') to'
             " 's3://lake/cased/' iam_role default partition by (\"Id\")",
             "UNLOAD"),
            ("set enable_case_sensitive_identifier to false", "SET"),
            ('copy "Mixed" from \'s3://lake/case/rows\' iam_role default',
             "!42P01 Cannot COPY into nonexistent table mixed")):
        got = loads.answer(sql)
        assert fits(got, answer), (sql, got)
    assert [key.split("/")[1] for key in loads.keys("cased/")] == \
        ["Id=1", "Id=2"]
    loads.drop("cased/")
