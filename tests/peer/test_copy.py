"""COPY and UNLOAD over the sandbox: psycopg2 at the gateway, boto3 at S3."""
import bz2
import gzip
import json
import os
import subprocess
import threading

import boto3
import psycopg2
import pytest
from botocore.client import Config

SANDBOX = os.environ.get("REDSH_SANDBOX", "./redsh-sandbox")
BUCKET = "lake"
ROLE = "iam_role default"


class World:
    def __init__(self, folder):
        self.folder = folder
        subprocess.run([SANDBOX, "start", "--dir", folder], check=True,
                       stdout=subprocess.DEVNULL)
        text = subprocess.run([SANDBOX, "env", "--dir", folder], check=True,
                              capture_output=True, text=True).stdout
        self.env = {}
        for line in text.splitlines():
            name, value = line[len("export "):].split("=", 1)
            self.env[name] = value.strip("'")
        self.s3 = boto3.client(
            "s3", endpoint_url=self.env["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.env["AWS_SECRET_ACCESS_KEY"],
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}))
        self.s3.create_bucket(Bucket=BUCKET)
        self.db = self.connect()

    def connect(self):
        db = psycopg2.connect(
            host=self.env["PGHOST"], port=self.env["PGPORT"],
            user=self.env["PGUSER"], password=self.env["PGPASSWORD"],
            dbname=self.env["PGDATABASE"], sslmode="verify-full",
            sslrootcert=self.env["PGSSLROOTCERT"])
        db.autocommit = True
        return db

    def stop(self):
        self.db.close()
        subprocess.run([SANDBOX, "stop", "--dir", self.folder], check=True,
                       stdout=subprocess.DEVNULL)

    def put(self, key, body):
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        return "s3://%s/%s" % (BUCKET, key)

    def get(self, key):
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def keys(self, prefix):
        page = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [entry["Key"] for entry in page.get("Contents", [])]

    def run(self, sql):
        with self.db.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None

    def table(self, columns):
        self.run("drop table if exists t")
        self.run("create table t (%s)" % columns)

    def notices(self):
        said = "".join(self.db.notices)
        del self.db.notices[:]
        return said

    def errors(self):
        return self.run(
            "select trim(filename), line_number, trim(colname),"
            " trim(type), trim(col_length), trim(raw_line),"
            " trim(raw_field_value), err_code, trim(err_reason)"
            " from stl_load_errors where query = (select max(query)"
            " from stl_load_errors) order by line_number")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    here = World(str(tmp_path_factory.mktemp("sandbox")))
    yield here
    here.stop()


def load(world, columns, body, options, rows):
    world.table(columns)
    uri = world.put("in", body)
    world.run("copy t from '%s' %s %s" % (uri, ROLE, options))
    assert ("Load into table 't' completed, %d record(s) loaded"
            " successfully." % len(rows)) in world.notices()
    assert sorted(map(str, world.run("select * from t"))) == \
        sorted(map(str, rows))


TEXT = "a varchar(20), b varchar(20)"
LOADS = {
    "pipe is the default": (TEXT, b"1|x\n2|y\n", "", [("1", "x"), ("2", "y")]),
    "no newline at the end": (TEXT, b"1|x", "", [("1", "x")]),
    "cr lf": (TEXT, b"1|x\r\n2|y\r\n", "", [("1", "x"), ("2", "y")]),
    "delimiter at the end": (TEXT, b"1|x|\n", "", [("1", "x")]),
    "tab": (TEXT, b"1\tx\n", "delimiter '\\t'", [("1", "x")]),
    "octal": (TEXT, b"1\x01x\n", "delimiter '\\001'", [("1", "x")]),
    "csv": (TEXT, b'"1,""q""","x\ny"\n', "csv", [('1,"q"', "x\ny")]),
    "csv with other signs": (TEXT, b"%1;2%;x\n", "csv quote as '%' delimiter"
                             " ';'", [("1;2", "x")]),
    "removequotes": (TEXT, b'"1|2"|x\n', "removequotes", [("1|2", "x")]),
    "removequotes of both kinds": (TEXT, b"'1|\"'|x\n\"2'\"|'y'\n",
                                   "removequotes", [('1|"', "x"),
                                                    ("2'", "y")]),
    "removequotes with escape": (TEXT, b'"1\\"|"|x\\\ny\n',
                                 "removequotes escape", [('1"|', "x\ny")]),
    "escape": (TEXT, b"1\\|2|x\\\ny\n", "escape", [("1|2", "x\ny")]),
    "quotes are data": (TEXT, b'"1"|x\n', "", [('"1"', "x")]),
    "gzip": (TEXT, gzip.compress(b"1|x\n"), "gzip", [("1", "x")]),
    "two gzip members": (TEXT, gzip.compress(b"1|x\n") +
                         gzip.compress(b"2|y\n"), "gzip",
                         [("1", "x"), ("2", "y")]),
    "bzip2": (TEXT, bz2.compress(b"1|x\n"), "bzip2", [("1", "x")]),
    "header": (TEXT, b'h|"\n1|x\n', "ignoreheader 1", [("1", "x")]),
    "default null": (TEXT, b"\\N|x\n", "", [(None, "x")]),
    "null as": (TEXT, b"NULL|\\N\n", "null as 'NULL'", [(None, "\\N")]),
    "nul as null": (TEXT, b"\x00|x\n", "null as '\\0'", [(None, "x")]),
    "quoted null is data": (TEXT, b'"n",n\n', "csv null as 'n'",
                            [("n", None)]),
    "empty is text": (TEXT, b"|x\n", "", [("", "x")]),
    "emptyasnull": (TEXT, b"|x\n", "emptyasnull", [(None, "x")]),
    "blanks are text": (TEXT, b"  |x\n", "", [("  ", "x")]),
    "blanksasnull": (TEXT, b"  |x\n", "blanksasnull", [(None, "x")]),
    "trimblanks": (TEXT, b"1  |x\n", "trimblanks", [("1", "x")]),
    "truncatecolumns": ("a varchar(4)", "aßßß\n".encode(), "truncatecolumns",
                        [("aß",)]),
    "fillrecord": ("a int, b varchar(4), c int", b"1\n2|x\n", "fillrecord",
                   [(1, "", None), (2, "x", None)]),
    "ignoreblanklines": (TEXT, b"\n1|x\n\n", "ignoreblanklines",
                         [("1", "x")]),
    "empty number": ("a int, b numeric(4,1)", b"|\n", "", [(None, None)]),
    "integers": ("a int2, b int4, c int8",
                 b"-32768|2147483647|-9223372036854775808\n+1|0|1\n", "",
                 [(-32768, 2147483647, -9223372036854775808), (1, 0, 1)]),
    "decimals are cut": ("a numeric(4,1)::text".replace("::text", ""),
                         b"-1.29\n.5\n007.\n", "", [
                             (__import__("decimal").Decimal("-1.2"),),
                             (__import__("decimal").Decimal("0.5"),),
                             (__import__("decimal").Decimal("7.0"),)]),
    "roundec": ("a numeric(4,1)", b"1.29\n", "roundec",
                [(__import__("decimal").Decimal("1.3"),)]),
    "floats": ("a float8, b float4", b"1e3|-2.5\n", "", [(1000.0, -2.5)]),
    "booleans": ("a boolean", b"t\nTRUE\ny\nYes\n1\n", "", [(True,)] * 5),
    "no booleans": ("a boolean", b"f\nFALSE\nn\nNo\n0\n", "", [(False,)] * 5),
    "latin 1": (TEXT, b"J\xfcrgen|x\n", "encoding iso88591",
                [("Jürgen", "x")]),
    "utf-16 by mark": (TEXT, "Jürgen|x\n".encode("utf-16"),
                       "encoding utf16", [("Jürgen", "x")]),
    "utf-16 be": (TEXT, "Jürgen|x\n".encode("utf-16-be"),
                  "encoding as utf16be", [("Jürgen", "x")]),
    "utf-8 mark is no data": (TEXT, b"\xef\xbb\xbf1|x\n", "", [("1", "x")]),
    "acceptinvchars": (TEXT, b"J\xfcr|x\n", "acceptinvchars as '^'",
                       [("J^r", "x")]),
    "compupdate and statupdate": (TEXT, b"1|x\n",
                                  "compupdate on statupdate on comprows 1000",
                                  [("1", "x")]),
    "region": (TEXT, b"1|x\n", "region 'us-east-1'", [("1", "x")]),
    "backslashes are data": (TEXT, b"a\\b|\\.\n", "", [("a\\b", "\\.")]),
    "json": ("id int, name varchar(9), price numeric(6,2), ok boolean",
             b'{"name":"x\\"}","id":1,"price":19.99,"ok":true,"more":[1]}'
             b'\n {"id":2,\n "name":null}{"id":3,"name":"","price":"0.5"}',
             "json 'auto'", [
                 (1, 'x"}', __import__("decimal").Decimal("19.99"), True),
                 (2, None, None, None),
                 (3, "", __import__("decimal").Decimal("0.50"), None)]),
    "json inside json": ("a varchar(40)", b'{"a":{"b":[1,"}"]}}',
                         "format as json", [('{"b":[1,"}"]}',)]),
    "json of other case": ("a int", b'{"A":1}', "json 'auto ignorecase'",
                           [(1,)]),
    "json of this case": ("a int", b'{"A":1}', "json 'auto'", [(None,)]),
    "json gzip": ("a int", gzip.compress(b'{"a":1}\n{"a":2}\n'),
                  "json gzip", [(1,), (2,)]),
    "odd bytes": (TEXT, "a\tb|é\x0b\n".encode(), "", [("a\tb", "é\x0b")]),
}


@pytest.mark.parametrize("name", LOADS)
def test_load(world, name):
    load(world, *LOADS[name])


DATES = [
    # text, dateformat, what is loaded
    ("2024-02-29", None, "2024-02-29"),
    ("2024-02-29", "'YYYY-MM-DD'", "2024-02-29"),
    ("2/9/2024", "'MM/DD/YYYY'", "2024-02-09"),
    ("9.2.2024", "'DD.MM.YYYY'", "2024-02-09"),
    ("20240229", "'YYYYMMDD'", "2024-02-29"),
    ("24-02-29", "'YY-MM-DD'", "2024-02-29"),
    ("29-Feb-2024", "'DD-MON-YYYY'", "2024-02-29"),
    ("29 February 2024", "'DD MONTH YYYY'", "2024-02-29"),
    ("2/29/2024", "'auto'", "2024-02-29"),
    ("Feb 29, 2024", "'auto'", "2024-02-29"),
    ("20240229", "'auto'", "2024-02-29"),
]


@pytest.mark.parametrize("text, pattern, day", DATES)
def test_dates(world, text, pattern, day):
    world.table("a date")
    uri = world.put("in", text)
    world.run("copy t from '%s' %s %s" % (
        uri, ROLE, "dateformat as " + pattern if pattern else ""))
    assert world.run("select a::varchar from t") == [(day,)]


TIMES = [
    ("2024-02-29 13:14:15", None, "2024-02-29 13:14:15"),
    ("2024-02-29 13:14:15.123456", None, "2024-02-29 13:14:15.123456"),
    ("2024-02-29", None, "2024-02-29 00:00:00"),
    ("2/9/2024 8:05", "'MM/DD/YYYY HH:MI'", "2024-02-09 08:05:00"),
    ("2/9/2024 8:05 PM", "'MM/DD/YYYY HH12:MI AM'", "2024-02-09 20:05:00"),
    ("12/9/2024 12:05 AM", "'MM/DD/YYYY HH12:MI AM'", "2024-12-09 00:05:00"),
    ("2024-02-29T13:14:15Z", "'auto'", "2024-02-29 13:14:15"),
    ("2/29/2024 13:14", "'auto'", "2024-02-29 13:14:00"),
    ("1709212455", "'epochsecs'", "2024-02-29 13:14:15"),
    ("1709212455123", "'epochmillisecs'", "2024-02-29 13:14:15.123"),
    ("-1", "'epochsecs'", "1969-12-31 23:59:59"),
]


@pytest.mark.parametrize("text, pattern, at", TIMES)
def test_timestamps(world, text, pattern, at):
    world.table("a timestamp")
    uri = world.put("in", text)
    world.run("copy t from '%s' %s %s" % (
        uri, ROLE, "timeformat as " + pattern if pattern else ""))
    assert world.run("select a::varchar from t") == [(at,)]


def test_timestamps_with_zone(world):
    world.table("a timestamptz")
    uri = world.put("in", "2024-02-29 13:14:15+02\n2024-02-29 13:14:15\n")
    world.run("set timezone to 'UTC'")
    world.run("copy t from '%s' %s" % (uri, ROLE))
    assert sorted(world.run("select a::varchar from t")) == [
        ("2024-02-29 11:14:15+00",), ("2024-02-29 13:14:15+00",)]


FAULTS = {
    # columns, body, options: line, column, type, length, field, code, reason
    "digit": ("a int", b"1\n2x\n", "", (
        2, "a", "int4", "0", "2x", 1207,
        "Invalid digit, Value 'x', Pos 1, Type: Integer")),
    "fraction in an integer": ("a int", b"1.5\n", "", (
        1, "a", "int4", "0", "1.5", 1207,
        "Invalid digit, Value '.', Pos 1, Type: Integer")),
    "smallint": ("a int2", b"32768\n", "", (
        1, "a", "int2", "0", "32768", 1222,
        "Overflow, Value '32768', Type: Short")),
    "bigint": ("a int8", b"99999999999999999999999\n", "", (
        1, "a", "int8", "0", "99999999999999999999999", 1222,
        "Overflow, Value '99999999999999999999999', Type: Long")),
    "decimal": ("a numeric(4,2)", b"123.4\n", "", (
        1, "a", "numeric", "4, 2", "123.4", 1204,
        "Overflow for NUMERIC(4,2)")),
    "float": ("a float8", b"1,5\n", "", (
        1, "a", "float8", "0", "1,5", 1208,
        "Invalid digit, Value ',', Pos 1, Type: Float")),
    "boolean": ("a boolean", b"maybe\n", "", (
        1, "a", "bool", "0", "maybe", 1210, "Unknown boolean format")),
    "length in bytes": ("a varchar(3)", "ßß\n".encode(), "", (
        1, "a", "varchar", "3", "..", 1204,
        "String length exceeds DDL length")),
    "char": ("a char(2)", b"abc\n", "", (
        1, "a", "char", "2", "abc", 1204,
        "String length exceeds DDL length")),
    "multibyte in char": ("a char(9)", "aé\n".encode(), "", (
        1, "a", "char", "9", "a.", 1220,
        "Multibyte character not supported for CHAR (Hint: try using"
        " VARCHAR). Invalid char: c3 a9")),
    "bad utf-8": ("a varchar(9)", b"J\xfcr\n", "", (
        1, "a", "varchar", "9", "J.r", 1220,
        "String contains invalid or unsupported UTF8 codepoints. Bad UTF8"
        " hex sequence: fc (error 1)")),
    "short date": ("a date", b"1/2/24\n", "", (
        1, "a", "date", "0", "1/2/24", 1205,
        "Invalid Date Format - length must be 10 or more")),
    "no such day": ("a date", b"2023-02-29\n", "", (
        1, "a", "date", "0", "2023-02-29", 1205,
        "Invalid Date Format [YYYY-MM-DD]")),
    "other date pattern": ("a date", b"2023-02-28\n",
                           "dateformat 'MM/DD/YYYY'", (
        1, "a", "date", "0", "2023-02-28", 1205,
        "Invalid Date Format [MM/DD/YYYY]")),
    "timestamp": ("a timestamp", b"yesterday\n", "", (
        1, "a", "timestamp", "0", "yesterday", 1206,
        "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]")),
    "not null": ("a int, b int not null", b"1|\n", "", (
        1, "b", "int4", "0", "", 1213, "Missing data for not-null field")),
    "too few": ("a int, b int, c int", b"1|2|3\n1|2\n", "", (
        2, "c", "int4", "0", "", 1214, "Delimiter not found")),
    "too many": ("a int, b int", b"1|2|3\n", "", (
        1, "", "", "", "", 1202, "Extra column(s) found")),
    "empty line": ("a int, b int", b"1|2\n\n", "", (
        2, None, None, None, "", 1211, "Input line contained no data")),
    "open quote": ("a varchar(9), b int", b'1,2\n"3,4\n', "csv", (
        2, None, None, None, None, 1214,
        "Delimited value missing end quote")),
    "json value": ("a int", b'{"a":1}\n{"a":\n"x"}', "json 'auto'", (
        2, "a", "int4", "0", "x", 1207,
        "Invalid digit, Value 'x', Pos 0, Type: Integer")),
    "json cut short": ("a int", b'{"a":1}\n{"a":', "json 'auto'", (
        2, None, None, None, "", 1216, "Invalid JSON object")),
    "no json": ("a int", b'{"a":1}\na|1\n', "json 'auto'", (
        2, None, None, None, "", 1216, "Invalid JSON object")),
    "quote without end": ("a int, b varchar(9)", b'1|"x\n2|y\n',
                          "removequotes", (
        1, None, None, None, "", 1214,
        "Delimited value missing end quote")),
    "line after header and newline in quotes": (
        "a varchar(9), b int", b'h,h\n"x\ny",1\nz,z\n',
        "csv ignoreheader 1", (
            4, "b", "int4", "0", "z", 1207,
            "Invalid digit, Value 'z', Pos 0, Type: Integer")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(world, name):
    columns, body, options, expected = FAULTS[name]
    world.table(columns)
    uri = world.put("in", body)
    with pytest.raises(psycopg2.Error) as caught:
        world.run("copy t from '%s' %s %s" % (uri, ROLE, options))
    assert caught.value.pgcode == "XX000"
    assert ("Load into table 't' failed.  Check 'sys_load_error_detail'"
            " system table for details.") in str(caught.value)
    assert world.run("select count(*) from t") == [(0,)]
    (row,) = world.errors()
    got = (row[1],) + row[2:5] + row[6:]
    assert row[0] == uri
    assert tuple(g for g, e in zip(got, expected) if e is not None) == \
        tuple(e for e in expected if e is not None)
    (detail,) = world.run(
        "select trim(file_name), line_number, error_code"
        " from sys_load_error_detail order by query_id desc limit 1")
    assert detail == (uri, expected[0], expected[5])


def test_raw_line_is_cut_and_in_ascii(world):
    world.table("a varchar(9)")
    uri = world.put("in", "é" + "x" * 3000)
    with pytest.raises(psycopg2.Error):
        world.run("copy t from '%s' %s" % (uri, ROLE))
    (row,) = world.errors()
    assert row[5] == "." + "x" * 1023
    assert row[6] == "." + "x" * 1023


def test_maxerror_loads_the_rest(world):
    world.table("a int")
    uri = world.put("in", b"1\nx\n2\ny\n3\n")
    world.run("copy t from '%s' %s maxerror 3" % (uri, ROLE))
    said = world.notices()
    assert "3 record(s) loaded successfully." in said
    assert "2 record(s) could not be loaded." in said
    assert [row[1] for row in world.errors()] == [2, 4]
    assert world.run("select count(*) from t") == [(3,)]
    assert world.run("select pg_last_copy_count()") == [(3,)]
    world.table("a int")
    with pytest.raises(psycopg2.Error):
        world.run("copy t from '%s' %s maxerror 2" % (uri, ROLE))
    assert world.run("select count(*) from t") == [(0,)]


def test_errors_survive_the_rollback_of_a_block(world):
    world.table("a int")
    uri = world.put("in", b"nine\n")
    world.run("begin")
    world.run("insert into t values (1)")
    with pytest.raises(psycopg2.Error):
        world.run("copy t from '%s' %s" % (uri, ROLE))
    with pytest.raises(psycopg2.Error) as caught:
        world.run("select 1")
    assert caught.value.pgcode == "25P02"
    world.run("rollback")
    (row,) = world.errors()
    assert row[6] == "nine"
    assert world.run("select count(*) from t") == [(0,)]


def test_copy_in_a_block_is_rolled_back(world):
    world.table("a int")
    uri = world.put("in", b"1\n2\n")
    world.run("begin")
    world.run("copy t from '%s' %s" % (uri, ROLE))
    assert world.run("select count(*) from t") == [(2,)]
    world.run("rollback")
    assert world.run("select count(*) from t") == [(0,)]


def test_a_refusal_in_a_block_fails_the_block(world):
    world.table("a int")
    world.run("begin")
    with pytest.raises(psycopg2.Error):
        world.run("copy t from 's3://lake/no-such' %s" % ROLE)
    with pytest.raises(psycopg2.Error) as caught:
        world.run("select 1")
    assert caught.value.pgcode == "25P02"
    world.run("rollback")


def test_noload_checks_only(world):
    world.table("a int")
    uri = world.put("in", b"1\n2\n")
    world.run("copy t from '%s' %s noload" % (uri, ROLE))
    assert world.run("select count(*) from t") == [(0,)]
    with pytest.raises(psycopg2.Error):
        world.run("copy t from '%s' %s noload" % (world.put("in", b"x"), ROLE))


def test_acceptanydate(world):
    world.table("a date, b timestamp")
    uri = world.put("in", b"soon|later\n")
    world.run("copy t from '%s' %s acceptanydate" % (uri, ROLE))
    assert world.run("select * from t") == [(None, None)]


def test_column_list_and_default(world):
    world.table("a int, b int default 7, c varchar(3)")
    uri = world.put("in", b"x|1\n")
    world.run("copy t (c, a) from '%s' %s" % (uri, ROLE))
    assert world.run("select a, b, c from t") == [(1, 7, "x")]
    with pytest.raises(psycopg2.Error) as caught:
        world.run("copy t (nope) from '%s' %s" % (uri, ROLE))
    assert caught.value.pgcode == "42703"


def test_identity_columns(world):
    world.table("i int identity(1,1), a varchar(3)")
    uri = world.put("in", b"x\ny\n")
    world.run("copy t from '%s' %s" % (uri, ROLE))
    assert world.run("select a from t order by a") == [("x",), ("y",)]
    uri = world.put("in", b"77|z\n")
    world.run("copy t from '%s' %s explicit_ids" % (uri, ROLE))
    assert world.run("select i from t where a = 'z'") == [(77,)]


def test_prefix_takes_every_key_that_begins_so(world):
    world.table("a int")
    world.put("many/a", b"1\n")
    world.put("many/a.bak", b"2\n")
    world.put("many/b/c", b"3\n")
    world.put("many/", b"")
    world.run("copy t from 's3://lake/many/' %s" % ROLE)
    assert world.run("select count(*) from t") == [(3,)]
    (row,) = world.run("select source_file_count, loaded_rows, status"
                       " from sys_load_history"
                       " order by query_id desc limit 1")
    assert row == (3, 3, "completed")


def test_manifest(world):
    world.table("a int")
    one = world.put("m/one", b"1\n")
    two = world.put("m/two", b"2\n")
    manifest = {"entries": [{"url": one, "mandatory": True},
                            {"url": two, "meta": {"content_length": 2}},
                            {"url": "s3://lake/m/gone"}]}
    uri = world.put("manifest", json.dumps(manifest).encode())
    world.run("copy t from '%s' %s manifest" % (uri, ROLE))
    assert world.run("select count(*) from t") == [(2,)]


BAD_MANIFESTS = [
    (b'{"entries":[{"url":"s3://lake/m/gone","mandatory":true}]}',
     "Error NoSuchKey"),
    (b'{"entries":', "Manifest file is not in correct json format"),
    (b'{"files":[]}', "Manifest file is not in correct json format"),
    (b'{"entries":[{"url":"http://x"}]}', "Invalid url in manifest file"),
]


@pytest.mark.parametrize("body, words", BAD_MANIFESTS)
def test_bad_manifest(world, body, words):
    world.table("a int")
    uri = world.put("manifest", body)
    refused(world, "copy t from '%s' %s manifest" % (uri, ROLE), words)


def refused(world, sql, words, code="XX000"):
    with pytest.raises(psycopg2.Error) as caught:
        world.run(sql)
    text = str(caught.value) + (caught.value.diag.message_detail or "")
    assert words in text
    assert caught.value.pgcode == code


REFUSALS = [
    ("copy t from 's3://lake/no-such' iam_role default",
     "The specified S3 prefix 'no-such' does not exist", "XX000"),
    ("copy t from 's3://no-such-bucket/x' iam_role default",
     "S3ServiceException:The specified bucket does not exist,Status 404,"
     "Error NoSuchBucket", "XX000"),
    ("copy t from 's3://lake/no-such' iam_role default manifest",
     "COPY with MANIFEST parameter requires full path of an S3 object",
     "XX000"),
    ("copy t from 's3://lake/in' iam_role"
     " 'arn:aws:iam::123456789012:role/Nobody'",
     "is not authorized to assume IAM Role"
     " arn:aws:iam::123456789012:role/Nobody", "XX000"),
    ("copy t from 's3://lake/in' iam_role"
     " 'arn:aws:iam::123456789012:role/NotAttached'",
     "is not authorized to assume IAM Role", "XX000"),
    ("copy t from 's3://lake/in'",
     "CREDENTIALS argument is required but not found", "42601"),
    ("copy t from 's3://lake/in' access_key_id 'AKIAUNKNOWN'"
     " secret_access_key 'x'", "Error InvalidAccessKeyId", "XX000"),
    ("copy t from 's3://lake/in' iam_role default region 'eu-west-1'",
     "must be addressed using the specified endpoint. Please send all future"
     " requests to this endpoint.,Status 301,Error PermanentRedirect",
     "XX000"),
    ("copy t from 's3://lake/in' iam_role default json 'noshred'",
     "one SUPER column", "0A000"),
    ("copy t from 's3://lake/in' iam_role default parquet",
     "the sandbox has no reader of Parquet files", "SB001"),
    ("copy nope from 's3://lake/in' iam_role default",
     "Cannot COPY into nonexistent table nope", "42P01"),
    ("unload ('select 1 limit 1') to 's3://lake/u' iam_role default",
     "Limit clause is not supported", "0A000"),
    ("unload ('select 1') to 's3://lake/u' iam_role default parquet",
     "the sandbox has no writer of Parquet files", "SB001"),
    ("unload ('select nope') to 's3://lake/u' iam_role default",
     "nope", "42703"),
    ("unload ('select 1') to 's3://no-such-bucket/u' iam_role default",
     "Error NoSuchBucket", "XX000"),
]


@pytest.mark.parametrize("sql, words, code", REFUSALS)
def test_refused(world, sql, words, code):
    world.table("a int")
    world.put("in", b"1\n")
    refused(world, sql, words, code)
    assert world.run("select count(*) from t") == [(0,)]


def test_engine_errors_have_the_detail_block(world):
    world.table("a int")
    with pytest.raises(psycopg2.Error) as caught:
        world.run("copy t from 's3://no-such-bucket/x' iam_role default")
    lines = caught.value.diag.message_detail.splitlines()
    assert [line.split(":")[0].strip() for line in lines[2:7]] == [
        "error", "code", "context", "query", "location"]
    assert "Listing bucket=no-such-bucket prefix=x" in lines[4]


def test_keys_of_the_sandbox_do(world):
    world.table("a int")
    uri = world.put("in", b"1\n")
    world.run("copy t from '%s' access_key_id '%s' secret_access_key '%s'" % (
        uri, world.env["AWS_ACCESS_KEY_ID"],
        world.env["AWS_SECRET_ACCESS_KEY"]))
    assert world.run("select count(*) from t") == [(1,)]


def test_gzip_cut_short(world):
    world.table("a int")
    uri = world.put("cut.gz", gzip.compress(b"1\n2\n" * 1000)[:-20])
    refused(world, "copy t from '%s' %s gzip" % (uri, ROLE), "lake/cut.gz")
    assert world.run("select count(*) from t") == [(0,)]
    refused(world, "copy t from '%s' %s gzip" % (world.put("in", b"1\n"),
                                                 ROLE), "lake/in")


@pytest.mark.parametrize("key", ["a b", "q'uote", "back\\slash", "ti`ck",
                                 "new\nline", "ü"])
def test_odd_keys(world, key):
    world.table("a int")
    uri = world.put("odd/" + key, b"1\n")
    quoted = uri.replace("\\", "\\\\").replace("'", "''")
    world.run("copy t from '%s' %s" % (quoted, ROLE))
    assert world.run("select count(*) from t") == [(1,)]
    world.s3.delete_object(Bucket=BUCKET, Key="odd/" + key)


def test_many_rows(world):
    world.table("a int, b varchar(40)")
    body = "".join("%d|row %d\n" % (n, n) for n in range(200000)).encode()
    world.run("copy t from '%s' %s gzip" % (
        world.put("big", gzip.compress(body, 1)), ROLE))
    assert world.run("select count(*), sum(a) from t") == [
        (200000, 199999 * 100000)]


def test_cancel_stops_a_load(world):
    world.table("a int, b varchar(40)")
    body = "".join("%d|row %d\n" % (n, n) for n in range(100000)).encode()
    manifest = {"entries": [{"url": world.put("long", body)}] * 40}
    uri = world.put("manifest", json.dumps(manifest).encode())
    caught = []

    def run():
        try:
            world.run("copy t from '%s' %s manifest" % (uri, ROLE))
        except psycopg2.Error as error:
            caught.append(error)
    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive():
        world.db.cancel()
        thread.join(0.05)
    assert [error.pgcode for error in caught] == ["57014"]
    assert world.run("select count(*) from t") == [(0,)]


# --- UNLOAD ---

def unload(world, query, options):
    for key in world.keys("u/"):
        world.s3.delete_object(Bucket=BUCKET, Key=key)
    world.run("unload ('%s') to 's3://lake/u/r_' %s %s" % (
        query.replace("'", "''"), ROLE, options))
    said = world.notices()
    return {key[4:]: world.get(key) for key in world.keys("u/")}, said


VALUES = "select 1 as a, 'x|y'::varchar as b, null::int as c"
UNLOADS = {
    "text": ("parallel off", {"000": b"1|x|y|\n"}),
    "escape": ("parallel off escape", {"000": b"1|x\\|y|\n"}),
    "addquotes": ("parallel off addquotes", {"000": b'"1"|"x|y"|\n'}),
    "csv": ("parallel off csv", {"000": b"1,x|y,\n"}),
    "csv delimiter": ("parallel off csv delimiter '|'",
                      {"000": b'1|"x|y"|\n'}),
    "header": ("parallel off csv header", {"000": b"a,b,c\n1,x|y,\n"}),
    "null as": ("parallel off null as 'NIL'", {"000": b"1|x|y|NIL\n"}),
    "extension": ("parallel off csv extension 'csv'",
                  {"000.csv": b"1,x|y,\n"}),
}


@pytest.mark.parametrize("name", UNLOADS)
def test_unload(world, name):
    options, files = UNLOADS[name]
    got, said = unload(world, VALUES, options)
    assert got == files
    assert "UNLOAD completed, 1 record(s) unloaded successfully." in said


def test_unload_compressed(world):
    got, _ = unload(world, VALUES, "parallel off gzip")
    assert gzip.decompress(got["000.gz"]) == b"1|x|y|\n"
    got, _ = unload(world, VALUES, "parallel off bzip2")
    assert bz2.decompress(got["000.bz2"]) == b"1|x|y|\n"
    got, _ = unload(world, VALUES, "parallel off zstd")
    assert got["000.zst"][:4] == b"\x28\xb5\x2f\xfd"


def test_unload_in_parallel_writes_a_file_a_slice(world):
    world.table("a int")
    world.run("insert into t values (1), (2), (3)")
    got, said = unload(world, "select a from t", "")
    assert sorted(got) == ["0000_part_00", "0001_part_00"]
    assert sorted(b"".join(got.values()).split()) == [b"1", b"2", b"3"]
    assert "3 record(s)" in said


def test_unload_splits_at_maxfilesize(world):
    query = "select repeat('x', 60000)::varchar(60000) as a" \
        " from (select 1 from pg_catalog.pg_attribute limit 200) q"
    got, said = unload(world, query, "parallel off maxfilesize 5 mb")
    assert sorted(got) == ["000", "001", "002"]
    assert all(len(body) <= 5 * 1024 * 1024 for body in got.values())
    assert b"".join(got.values()) == (b"x" * 60000 + b"\n") * 200
    assert "200 record(s)" in said


def test_unload_manifest_serves_copy(world):
    got, _ = unload(world, VALUES, "parallel off escape manifest verbose")
    manifest = json.loads(got["manifest"])
    assert manifest["entries"][0]["url"] == "s3://lake/u/r_000"
    assert manifest["entries"][0]["meta"] == {"content_length": 8,
                                              "record_count": 1}
    assert [e["name"] for e in manifest["schema"]["elements"]] == [
        "a", "b", "c"]
    assert manifest["meta"]["record_count"] == 1
    world.table("a int, b varchar(9), c int")
    world.run("copy t from 's3://lake/u/r_manifest' %s escape manifest" % ROLE)
    assert world.run("select * from t") == [(1, "x|y", None)]


def test_unload_refuses_to_overwrite(world):
    unload(world, VALUES, "parallel off")
    sql = "unload ('select 2') to 's3://lake/u/r_' %s parallel off %s"
    refused(world, sql % (ROLE, ""),
            "Specified unload destination on S3 is not empty")
    world.run(sql % (ROLE, "allowoverwrite"))
    assert world.get("u/r_000") == b"2\n"
    world.put("u/r_other", b"old")
    world.run(sql % (ROLE, "cleanpath"))
    assert world.keys("u/") == ["u/r_000"]


def test_unload_that_fails_leaves_nothing(world):
    for key in world.keys("u/"):
        world.s3.delete_object(Bucket=BUCKET, Key=key)
    with pytest.raises(psycopg2.Error):
        world.run("unload ('select 1/(3-a) from (select 1 as a union all"
                  " select 2 union all select 3) q') to 's3://lake/u/r_' %s"
                  % ROLE)
    assert world.keys("u/") == []


def test_what_unload_writes_copy_reads(world):
    world.table("a int, b varchar(99), c numeric(9,2), d date, e timestamp,"
                " f boolean, g float8")
    world.run("insert into t values"
              " (1, 'back\\\\slash | \"q\" \\n newline', 1.25, '2024-02-29',"
              " '2024-02-29 13:14:15.5', true, 0.1),"
              " (null, null, null, null, null, null, null),"
              " (2, 'ü', -3, '0001-01-01', '9999-12-31 23:59:59', false, -1)")
    before = sorted(map(str, world.run("select * from t")))
    for options in ("csv null as '~'", "escape null as '~'",
                    "addquotes escape null as '~'", "csv null as '~' gzip"):
        unload(world, "select * from t", options)
        world.run("create temp table back (like t)")
        world.run("copy back from 's3://lake/u/' %s %s" % (
            ROLE, options.replace("addquotes", "removequotes")))
        assert sorted(map(str, world.run("select * from back"))) == before
        world.run("drop table back")


# --- temporary passwords ---

def redshift_of(world):
    return boto3.client(
        "redshift", endpoint_url=world.env["AWS_ENDPOINT_URL"],
        aws_access_key_id=world.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=world.env["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1")


def login(world, user, password):
    db = psycopg2.connect(
        host=world.env["PGHOST"], port=world.env["PGPORT"], user=user,
        password=password, dbname="dev", sslmode="verify-full",
        sslrootcert=world.env["PGSSLROOTCERT"])
    with db.cursor() as cursor:
        cursor.execute("select current_user")
        (name,) = cursor.fetchone()
    db.close()
    return name


def test_the_cluster_is_where_the_gateway_is(world):
    cluster = redshift_of(world).describe_clusters()["Clusters"][0]
    assert cluster["Endpoint"]["Port"] == int(world.env["PGPORT"])
    assert cluster["DBName"] == world.env["PGDATABASE"]
    assert cluster["MasterUsername"] == world.env["PGUSER"]


def test_temporary_passwords_open_the_door(world):
    redshift = redshift_of(world)
    got = redshift.get_cluster_credentials(
        ClusterIdentifier="redsh-sandbox", DbUser=world.env["PGUSER"])
    assert login(world, got["DbUser"], got["DbPassword"]) == \
        world.env["PGUSER"]
    with pytest.raises(psycopg2.OperationalError):
        login(world, got["DbUser"], got["DbPassword"] + "x")
    got = redshift.get_cluster_credentials(
        ClusterIdentifier="redsh-sandbox", DbUser="newcomer", AutoCreate=True)
    assert got["DbUser"] == "IAMA:newcomer"
    assert login(world, got["DbUser"], got["DbPassword"]) == "newcomer"
    got = redshift.get_cluster_credentials(
        ClusterIdentifier="redsh-sandbox", DbUser="nobody")
    with pytest.raises(psycopg2.OperationalError):
        login(world, got["DbUser"], got["DbPassword"])
