"""What Redshift refuses, the sandbox refuses with the same words.

tests/cases/redshift/unsupported-postgres.tsv and settings.tsv: a row for
every row of Redshift's documentation; expected outcomes come from there.
"""

import os

import pytest

from redshift_client import Sandbox, read_rows, statements_of

CASES = os.path.join(os.environ["TESTS_DIR"], "cases", "redshift")


def rows_of(name):
    return read_rows(os.path.join(CASES, name + ".tsv"))


@pytest.fixture(scope="module")
def sandbox():
    sandbox = Sandbox()
    yield sandbox
    sandbox.stop()


def check(client, sql, expected):
    statements = statements_of(sql)
    outcomes = expected.split(" ;; ")
    assert len(statements) == len(outcomes)
    got = [client.query(statement).text() for statement in statements]
    client.query("rollback")
    assert got == outcomes


@pytest.mark.parametrize("key, sql, expected", [
    pytest.param(*row, id=row[0]) for row in rows_of("unsupported-postgres")])
def test_unsupported(sandbox, key, sql, expected):
    with sandbox.connect() as client:
        check(client, sql, expected)


@pytest.mark.parametrize("key, sql, expected", [
    pytest.param(*row, id=row[0]) for row in rows_of("settings")])
def test_settings(sandbox, key, sql, expected):
    with sandbox.connect(settings={"application_name": "test client"}) as c:
        check(c, sql, expected)


# ---- limits

def position_of(client, sql):
    """The error's SQLSTATE and the text that its caret points at."""
    error = client.query(sql).error
    return error["C"], sql[int(error["P"]) - 1:] if "P" in error else None


def test_names_have_127_bytes(sandbox):
    with sandbox.connect() as c:
        for name, sqlstate in (("a" * 63, None), ("é" * 31, None),
                               ("a" * 64, "SB001"), ("a" * 127, "SB001"),
                               ("é" * 32, "SB001"), ("a" * 128, "42622"),
                               ("é" * 64, "42622")):
            for text in (name, '"' + name + '"'):
                error = c.query(f"create temp table {text} (a int)").error
                assert (error and error["C"]) == sqlstate, name
                c.query(f"drop table {text}")
        twice = '"' + 'a""' * 31 + '"'      # 62 bytes: "" is one
        assert c.query(f"create temp table {twice} (a int)").error is None
        assert position_of(c, "select 1 as " + "b" * 64) == \
            ("SB001", "b" * 64)


def test_varchar_counts_bytes(sandbox):
    with sandbox.connect() as c:
        c.query("create temp table v (a varchar(4), b varchar)")
        ok = [c.query(sql).text() for sql in (
            "insert into v (a) values ('abcd')",
            "insert into v (a) values ('éé')",
            "insert into v (a) values ('ééé')",
            "insert into v (a) values ('€€')",
            "insert into v (a) values ('abcd   ')",
            "update v set a = 'éééé'",
            "select 'ééé'::varchar(4)",
            "select 'ééé'::varchar(5)",
            "insert into v (b) select repeat('é', 128)",
            "insert into v (b) select repeat('é', 129)",
            "select max(octet_length(a)) from v",
        )]
        long = "22001 Value too long for character type"
        assert ok == ["INSERT 0 1", "INSERT 0 1", long, long, "INSERT 0 1",
                      long, "éé", "éé", "INSERT 0 1", long, "4"]


def test_parameters_are_fitted_too(sandbox):
    psycopg2 = pytest.importorskip("psycopg2")
    env = sandbox.env
    link = psycopg2.connect(
        host="localhost", port=env["PGPORT"], user=env["PGUSER"],
        password=env["PGPASSWORD"], dbname="dev", sslmode="require")
    with link, link.cursor() as cursor:
        cursor.execute("create temp table p (a varchar(2))")
        cursor.execute("prepare q (varchar) as insert into p values ($1)")
        cursor.execute("execute q (%s)", ("é",))
        with pytest.raises(psycopg2.DataError):
            cursor.execute("execute q (%s)", ("éé",))
    link.close()


def test_char_holds_single_bytes_padded(sandbox):
    with sandbox.connect() as c:
        c.query("create temp table f (a char(3))")
        wide = ("XX000 Multibyte character not supported for CHAR "
                "(Hint: try using VARCHAR)")
        got = [c.query(sql).text() for sql in (
            "insert into f values ('ab')", "insert into f values ('é')",
            "insert into f values ('abcd')", "insert into f values ('ab    ')",
            "update f set a = 'ö'", "select 'é'::char(2)",
            "select a from f", "select 'abcdef'::char(2)")]
        assert got == ["INSERT 0 1", wide,
                       "22001 Value too long for character type",
                       "INSERT 0 1", wide, wide, "ab  / ab ", "ab"]


@pytest.mark.parametrize("column, outcome", [
    ("varchar(max)", "CREATE TABLE"),
    ("varchar(65535)", "CREATE TABLE"),
    ("varchar(65536)", "22023 length for type varchar cannot exceed 65535"),
    ("char(4096)", "CREATE TABLE"),
    ("char(4097)", "22023 length for type char cannot exceed 4096"),
    ("decimal(38, 37)", "CREATE TABLE"),
    ("decimal(39)", "22023 DECIMAL precision must be between 1 and 38"),
])
def test_lengths_of_types(sandbox, column, outcome):
    with sandbox.connect() as c:
        assert c.query(f"create temp table w (a {column})").text() == outcome


def test_varchar_max_is_65535(sandbox):
    with sandbox.connect() as c:
        c.query("create temp table m (a varchar(max))")
        assert c.query("insert into m select repeat('x', 65535)").error is None
        assert c.query("insert into m select repeat('x', 65536)"
                       ).error["C"] == "22001"


def test_a_table_has_1600_columns(sandbox):
    def table(count):
        return "create temp table c%d (%s)" % (
            count, ", ".join("c%d int" % i for i in range(count)))

    with sandbox.connect() as c:
        assert c.query(table(1600)).text() == "CREATE TABLE"
        assert c.query(table(1601)).text() == \
            "54011 tables can have at most 1600 columns"


def test_a_statement_has_16_megabytes(sandbox):
    limit = 16 * 1024 * 1024
    with sandbox.connect() as c:
        fits = "select len('" + "x" * (limit - 14) + "')"
        assert len(fits) == limit
        assert c.query(fits).rows == [[str(limit - 14)]]
        assert c.query(fits + " ").text() == (
            "42601 Statement is too large. Statement Size: 16777217 bytes. "
            "Maximum Allowed: 16777216 bytes")
        assert c.query("select 1").text() == "1"


# ---- transactions and cursors

NOT_IN_BLOCK = [
    ("ALTER TABLE APPEND", "alter table a append from b"),
    ("COPY JOB CREATE", "copy t from 's3://b/k' iam_role "
     "'arn:aws:iam::123456789012:role/RedshiftCopy' job create j"),
    ("CREATE DATABASE", "create database blocked"),
    ("CREATE EXTERNAL TABLE", "create external table s.t (a int) "
     "location 's3://b/k'"),
    ("CREATE LIBRARY", "create library l language plpythonu "
     "from 's3://b/k'"),
    ("DROP DATABASE", "drop database blocked"),
    ("DROP LIBRARY", "drop library l"),
    ("VACUUM", "vacuum"),
]


@pytest.mark.parametrize("name, sql", NOT_IN_BLOCK)
def test_not_in_a_block(sandbox, name, sql):
    with sandbox.connect() as c:
        c.query("begin")
        assert c.query(sql).text() == \
            f"25001 {name} cannot run inside a transaction block"
        assert c.status == "E"
        c.query("rollback")
        where = ("transaction block" if name == "COPY JOB CREATE"
                 else "multiple commands statement")
        assert c.query("select 1; " + sql).error["M"] == \
            f"{name} cannot run inside a {where}"
        assert c.status == "I"


def test_one_cursor_inside_a_block(sandbox):
    with sandbox.connect() as c:
        got = [c.query(sql).text() for sql in (
            "declare c cursor for select 1",
            "begin", "declare c cursor for select 1 union all select 2",
            "fetch next from c", "fetch forward 5 from c", "close c",
            "declare d cursor for select 1",
            "declare e cursor for select 2", "rollback",
            "fetch next from c")]
        assert got == [
            "25P01 DECLARE CURSOR may only be used in transaction blocks",
            "BEGIN", "DECLARE CURSOR", "1", "2", "CLOSE CURSOR",
            "DECLARE CURSOR",
            "24000 opening multiple cursors from within the same client "
            "connection is not allowed.", "ROLLBACK",
            '34000 cursor "c" does not exist']


@pytest.mark.parametrize("sql, caret", [
    ("declare c scroll cursor for select 1", "scroll cursor"),
    ("declare c cursor with hold for select 1", "hold for"),
    ("fetch prior from c", "prior"),
    ("fetch backward 1 from c", "backward"),
    ("fetch absolute 1 from c", "absolute"),
])
def test_cursors_go_forward_only(sandbox, sql, caret):
    with sandbox.connect() as c:
        c.query("begin")
        sqlstate, rest = position_of(c, sql)
        assert sqlstate == "42601" and rest.startswith(caret)


@pytest.mark.parametrize("sql, sqlstate, caret", [
    ("select  nvl(nosuch, 1)", "42703", "nosuch"),
    ("select 'é', nosuch", "42703", "nosuch"),
    ("select top 3 nosuch from pg_class", "42703", "nosuch"),
    ("select decode(1, 1, nosuch)", "42703", "nosuch"),
    ("select 1; select nosuch", "42703", "nosuch"),
    ("select /* é */ 'a\\'b', 1 from nowhere", "42P01", "nowhere"),
    ("select dateadd(day, 1, nosuch)", "42703", "nosuch"),
    ("create table t (a int distkey, b nosuch)", "42704", "nosuch"),
    ("select 1 for update", "42601", "for"),
    ("select a from (select 1 a) where b = 2", "42703", "b = 2"),
    ("insert into nowhere values (1)", "42P01", "nowhere"),
    ("savepoint a", "42601", "savepoint"),
])
def test_carets_point_into_the_clients_text(sandbox, sql, sqlstate, caret):
    with sandbox.connect() as c:
        error = c.query(sql).error
        assert error["C"] == sqlstate
        assert sql[int(error["P"]) - 1:].startswith(caret)


# ---- leader and compute nodes

LEADER = ("0A000 Specified types or functions (one per INFO message) not "
          "supported on Amazon Redshift tables.")


def info(*names):
    return "".join(f'INFO: Function "{n}" not supported. + ' for n in names)


@pytest.mark.parametrize("sql, outcome", [
    ("select current_schema(), a from u", info("current_schema()") + LEADER),
    ("select a from u where now() > '2000-01-01'", info("now()") + LEADER),
    ("select current_schema(), now() from u",
     info("current_schema()", "now()") + LEADER),
    ("with w as (select 1 a) select current_schema(), a from w", "public|1"),
    ("with w as (select a from u) select current_schema(), a from w",
     info("current_schema()") + LEADER),
    ("select current_schema() from (select a from u) x",
     info("current_schema()") + LEADER),
    ("select current_schema() from pg_class c join u on u.a = c.oid",
     info("current_schema()") + LEADER),
    ("select extract(year from '2020-01-01'::date), current_schema()",
     "2020|public"),
    ("select trim('x' from 'xax'), current_schema()", "a|public"),
    ("insert into u select 1 from u where current_schema() = 'x'",
     info("current_schema()") + LEADER),
    ("create temp table k as select current_schema() s from u",
     info("current_schema()") + LEADER),
    # Rows of a table are made where it is.
    ("insert into u select generate_series(1, 3)",
     info("generate_series(integer,integer)") + LEADER),
    ("insert into u values (length(current_schema()))",
     info("current_schema()") + LEADER),
    ("create temp table k as select current_schema() s",
     info("current_schema()") + LEADER),
    ("create temp table k as (select current_schema() s)",
     info("current_schema()") + LEADER),
    ("select current_schema() s into temp table k",
     info("current_schema()") + LEADER),
    ("select count(*) from generate_series(1, 2) as n(a), u",
     info("generate_series(integer,integer)") + LEADER),
    ("select count(*) from generate_series(1, 2) n, generate_series(1, 3) m",
     "6"),
    ("create temp table k (d timestamp default getdate())", "CREATE TABLE"),
    ("select a from u, pg_table_def",
     info("pg_table_is_visible(oid)") + LEADER),
    ("select a from u, information_schema.tables",
     info("has_table_privilege(oid,text)") + LEADER),
    ("select n.nspacl from pg_namespace n, u",
     'INFO: Column "n.nspacl" has unsupported type "aclitem[]". + ' + LEADER),
    ("select nspname from pg_namespace n, u where false", ""),
    ("select count(*) from pg_class c, pg_namespace n where false", "0"),
])
def test_leader_and_compute_do_not_mix(sandbox, sql, outcome):
    with sandbox.connect() as c:
        c.query("create temp table u (a int)")
        assert c.query(sql).text() == outcome


def test_all_columns_of_a_catalog_table(sandbox):
    with sandbox.connect() as c:
        c.query("create temp table u (a int)")
        said = c.query("select * from u, pg_namespace").notices
        assert 'Column "pg_namespace.nspacl" has unsupported type ' \
            '"aclitem[]".' in [n["M"] for n in said]


# ---- quoted names

def test_quoted_names_fold_unless_told(sandbox):
    with sandbox.connect() as c:
        for sql in ('create table "Folded" ("Col A" int)',
                    'insert into "FOLDED" ("COL A") values (1)'):
            assert c.query(sql).error is None
        assert c.query('select "col a" from folded').columns == ["col a"]
        c.query("set enable_case_sensitive_identifier to true")
        assert c.query('select * from "Folded"').error["C"] == "42P01"
        c.query("begin")
        c.query("set enable_case_sensitive_identifier to false")
        assert c.query('select * from "Folded"').error is None
        c.query("rollback")
        assert c.query('select * from "Folded"').error["C"] == "42P01"
        c.query("reset enable_case_sensitive_identifier")
        c.query("set describe_field_name_in_uppercase to on")
        assert c.query('select "col a" from "FolDed"').columns == ["COL A"]
        assert c.query("drop table folded").text() == "DROP TABLE"
