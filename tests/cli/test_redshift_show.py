"""SHOW of what the catalog holds, and the characters of a sandbox."""

import os
import subprocess

import psycopg2
import pytest

from redshift_facts import relations, rows
from sandbox_server import Sandbox

VIEWS = relations("system-views.tsv", "view")
SETUP = [
    "create schema shop",
    "create table shop.a (id int not null, name varchar(20) default 'x'"
    " encode zstd, v numeric(8,2), t timestamp, primary key (id))"
    " distkey (id) sortkey (id, t)",
    "create table shop.b (i bigint identity(1,1), a int references shop.a,"
    " unique (i, a)) diststyle even interleaved sortkey (a, i)",
    "create table shop.bare (c char(3))",
    "create view shop.v as select id from shop.a",
    "create view shop.late as select id from shop.a with no schema binding",
    "create materialized view shop.m as select id from shop.a",
    "create function shop.f(int, varchar) returns int stable"
    " as $$ select $1 $$ language sql",
    "create procedure shop.p(a int, inout b varchar(10)) as"
    " $$ begin b := 'x'; end; $$ language plpgsql",
    "create user reader password 'Abcdef12'",
    "create role looker",
    "grant select, insert on shop.a to reader",
    "grant select on shop.a to role looker",
]


@pytest.fixture(scope="module")
def sandbox():
    running = Sandbox()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def cursor(sandbox):
    connection = sandbox.connect()
    made = connection.cursor()
    for sql in SETUP:
        made.execute(sql)
    yield made
    connection.close()


def complaint(cursor, sql):
    with pytest.raises(psycopg2.Error) as caught:
        cursor.execute(sql)
    return caught.value.pgcode, caught.value.diag.message_primary


def asked(cursor, sql, *columns):
    """Rows of these columns."""
    cursor.execute(sql)
    names = [c.name for c in cursor.description]
    return [tuple(row[names.index(c)] for c in columns)
            for row in cursor.fetchall()]


@pytest.mark.parametrize("row", rows("show-columns.tsv"),
                         ids=lambda row: row["command"])
def test_columns_as_documented(cursor, row):
    cursor.execute(row["sql"])
    assert [c.name for c in cursor.description] == row["columns"].split(", ")
    assert cursor.statusmessage == "SHOW"


def test_databases(cursor):
    assert asked(cursor, "show databases", "database_name",
                 "database_type") == [("dev", "local")]
    assert asked(cursor, "show databases like 'D%'", "database_name") == []
    assert asked(cursor, "show databases like 'd_v'", "database_name") == \
        [("dev",)]


def test_schemas(cursor):
    names = asked(cursor, "show schemas from database dev", "schema_name")
    assert ("shop",) in names and ("pg_catalog",) not in names
    assert asked(cursor, "show schemas from database dev like 'sh%' limit 1",
                 "database_name", "schema_name", "schema_type") == \
        [("dev", "shop", "local")]
    assert complaint(cursor, "show schemas from database nowhere") == \
        ("3D000", 'database "nowhere" does not exist')


def test_tables(cursor):
    assert asked(cursor, "show tables from schema shop", "table_name",
                 "table_type", "dist_style", "table_subtype") == [
        ("a", "TABLE", "KEY", "REGULAR TABLE"),
        ("b", "TABLE", "EVEN", "REGULAR TABLE"),
        ("bare", "TABLE", "AUTO (ALL)", "REGULAR TABLE"),
        ("late", "VIEW", None, "LATE BINDING VIEW"),
        ("m", "VIEW", None, "MATERIALIZED VIEW"),
        ("v", "VIEW", None, "REGULAR VIEW")]
    assert asked(cursor, "show tables from schema dev.shop like 'b%' limit 1",
                 "table_name", "owner") == [("b", "awsuser")]
    assert complaint(cursor, "show tables from schema nowhere") == \
        ("3F000", 'schema "nowhere" does not exist')


def test_no_temporary_tables(cursor):
    cursor.execute("create temp table passing (a int)")
    cursor.execute("select nspname from pg_namespace n join pg_class c on"
                   " c.relnamespace = n.oid where relname = 'passing'")
    schema = cursor.fetchone()[0]
    assert asked(cursor, f"show tables from schema {schema}",
                 "table_name") == []
    cursor.execute("drop table passing")


def test_columns(cursor):
    assert asked(cursor, "show columns from table shop.a", "column_name",
                 "ordinal_position", "is_nullable", "data_type",
                 "character_maximum_length", "numeric_precision",
                 "numeric_scale", "sort_key_type", "sort_key", "dist_key",
                 "encoding") == [
        ("id", 1, "NO", "integer", None, 32, 0, "COMPOUND", 1, 1, "none"),
        ("name", 2, "YES", "character varying", 20, None, None, None, None,
         None, "zstd"),
        ("v", 3, "YES", "numeric", None, 8, 2, None, None, None, "az64"),
        ("t", 4, "YES", "timestamp without time zone", None, None, None,
         "COMPOUND", 2, None, "none")]
    assert asked(cursor, "show columns from table shop.b like 'a'",
                 "column_name", "sort_key_type", "sort_key") == \
        [("a", "INTERLEAVED", 1)]
    assert complaint(cursor, "show columns from table shop.nowhere") == \
        ("42P01", 'relation "nowhere" does not exist')


def test_keys(cursor):
    assert asked(cursor, "show constraints primary keys from table shop.a",
                 "pk_name", "column_name", "key_seq") == [("a_pkey", "id", 1)]
    wanted = [("a", "id", "b", "a", "b_a_fkey", "a_pkey")]
    for sql in ("show constraints foreign keys from table shop.b",
                "show constraints foreign keys exported from table shop.a"):
        assert asked(cursor, sql, "pk_table_name", "pk_column_name",
                     "fk_table_name", "fk_column_name", "fk_name",
                     "pk_name") == wanted
    assert asked(cursor, "show constraints foreign keys from table shop.a",
                 "fk_name") == []


def test_a_table_that_is_there_keeps_its_keys(cursor):
    cursor.execute("create table if not exists shop.a (id int, v int,"
                   " primary key (v)) sortkey (v)")
    cursor.execute("create table if not exists shop.a (id int primary key"
                   " encode zstd)")
    assert asked(cursor, "show constraints primary keys from table shop.a",
                 "pk_name", "column_name") == [("a_pkey", "id")]
    assert asked(cursor, "show columns from table shop.a like 'id'",
                 "encoding", "sort_key") == [("none", 1)]
    cursor.execute("create table if not exists shop.fresh (id int primary key"
                   " encode zstd) sortkey (id)")
    assert asked(cursor, "show constraints primary keys from table"
                 " shop.fresh", "column_name") == [("id",)]
    assert asked(cursor, "show columns from table shop.fresh", "encoding",
                 "sort_key") == [("zstd", 1)]
    cursor.execute("drop table shop.fresh")


def test_keys_are_not_enforced(cursor):
    cursor.execute("insert into shop.b (a) values (77), (77)")
    cursor.execute("insert into shop.a (id) values (1), (1)")
    cursor.execute("delete from shop.a")


def test_routines(cursor):
    assert asked(cursor, "show functions from schema shop", "function_name",
                 "number_of_arguments", "argument_list", "return_type") == \
        [("f", 2, "integer, character varying", "integer")]
    assert asked(cursor, "show procedures from schema shop like 'p%'",
                 "procedure_name", "argument_list") == \
        [("p", "integer, character varying")]
    assert asked(cursor, "show parameters of function shop.f(int, varchar)",
                 "parameter_name", "ordinal_position", "parameter_type",
                 "data_type") == [
        ("", 0, "RETURN", "integer"), ("", 1, "IN", "integer"),
        ("", 2, "IN", "character varying")]
    assert asked(cursor, "show parameters of procedure shop.p(int, varchar)"
                 " like 'b'", "parameter_name", "ordinal_position",
                 "parameter_type") == [("b", 2, "INOUT")]
    assert complaint(cursor, "show parameters of function shop.f(date)") == \
        ("42883", "function f(date) does not exist")


def test_grants(cursor):
    assert asked(cursor, "show grants on table shop.a for reader",
                 "object_name", "privilege_type", "identity_name",
                 "identity_type", "grantor_name") == [
        ("a", "INSERT", "reader", "user", "awsuser"),
        ("a", "SELECT", "reader", "user", "awsuser")]
    assert asked(cursor, "show grants on table shop.a for role looker",
                 "privilege_type", "identity_type") == [("SELECT", "role")]
    assert asked(cursor, "show grants for reader from database dev limit 5",
                 "schema_name", "object_name", "object_type",
                 "privilege_type") == [
        ("shop", "a", "TABLE", "INSERT"), ("shop", "a", "TABLE", "SELECT")]
    assert ("EXECUTE", "public") in asked(
        cursor, "show grants on procedure shop.p(int, varchar)",
        "privilege_type", "identity_name")
    assert complaint(cursor, "show grants for nobody_here") == \
        ("42704", 'user "nobody_here" does not exist')


def test_definitions(cursor):
    cursor.execute("show table shop.a")
    assert cursor.fetchall() == [(
        "CREATE TABLE shop.a (\n"
        "    id integer NOT NULL distkey,\n"
        "    name character varying(20) DEFAULT 'x'::character varying"
        " ENCODE zstd,\n"
        "    v numeric(8,2) ENCODE az64,\n"
        "    t timestamp without time zone,\n"
        "    PRIMARY KEY (id)\n"
        ")\nDISTSTYLE KEY\nSORTKEY ( id, t );",)]
    cursor.execute("show table shop.bare")
    assert cursor.fetchall() == [(
        "CREATE TABLE shop.bare (\n    c character(3) ENCODE lzo\n)\n"
        "DISTSTYLE AUTO;",)]
    cursor.execute("show view shop.late")
    assert cursor.fetchall() == [("select id from shop.a",)]
    cursor.execute("show procedure shop.p")
    assert cursor.fetchone()[0].startswith(
        "CREATE OR REPLACE PROCEDURE shop.p(a integer, INOUT b character"
        " varying)\n LANGUAGE plpgsql\nAS $_$ begin b := 'x'; end;")
    assert complaint(cursor, "show table shop.v") == \
        ("42P01", 'relation "v" does not exist')
    assert complaint(cursor, "show view shop.a") == \
        ("42P01", 'relation "a" does not exist')


@pytest.mark.parametrize("table", ["shop.a", "shop.b", "shop.bare"])
def test_a_shown_table_can_be_made_again(cursor, table):
    cursor.execute("show table " + table)
    text = cursor.fetchone()[0]
    cursor.execute("create schema again")
    cursor.execute(text.replace("TABLE shop.", "TABLE again."))
    cursor.execute("show table " + table.replace("shop", "again"))
    assert cursor.fetchone()[0].replace("again.", "shop.") == text
    cursor.execute("drop schema again cascade")


@pytest.mark.parametrize("sql,code,words", [
    ("show tables from schema shop limit 10001", "22023",
     "LIMIT of SHOW must be between 0 and 10000"),
    ("show tables from schema a.b.c", "42601",
     'syntax error at or near "."'),
    ("show tables from schema", "42601", "syntax error at end of input"),
    ("show tables from schema shop where true", "42601",
     'syntax error at or near "where"'),
    ("show columns from table shop.a like name", "42601",
     'syntax error at or near "name"'),
    ("show columns from table shop.a limit x", "42601",
     'syntax error at or near "x"'),
    ("show parameters of function shop.f", "42601",
     "syntax error at end of input"),
    ("show parameters of function shop.f(", "42601",
     "syntax error at end of input"),
    ("show tables from schema other.shop", "3D000",
     'database "other" does not exist'),
])
def test_what_is_no_show(cursor, sql, code, words):
    assert complaint(cursor, sql) == (code, words)


def test_quotes_in_names_and_patterns(cursor):
    assert complaint(cursor, "show tables from schema \"a'b\"") == \
        ("3F000", "schema \"a'b\" does not exist")
    assert asked(cursor, "show tables from schema shop like 'a''; drop'",
                 "table_name") == []


# Amazon's drivers give names, patterns and types as parameters.
@pytest.mark.parametrize("sql,values,rows_", [
    ("show schemas from database $1 like $2", ["dev", "sh%"], 1),
    ("show tables from schema $1.$2", ["dev", "shop"], 6),
    ("show tables from schema $1.$2 like $3", ["dev", "shop", "b%"], 2),
    ("show columns from table $1.$2.$3", ["dev", "shop", "a"], 4),
    ("show constraints primary keys from table $1.$2.$3",
     ["dev", "shop", "a"], 1),
    ("show column grants on table $1.$2.$3 like $4",
     ["dev", "shop", "a", "%"], 0),
    ("show parameters of function $1.$2.$3($4, $5)",
     ["dev", "shop", "f", "integer", "character varying"], 3),
    ("show parameters of procedure $1.$2.$3($4, $5) like $6",
     ["dev", "shop", "p", "integer", "character varying", "b"], 1),
])
def test_names_as_parameters(sandbox, cursor, sql, values, rows_):
    bound = " ".join(f"'{value}'" for value in values)
    done = subprocess.run(
        [os.path.abspath(os.environ["REDSH"]), "-XAt"],
        input=f"{sql} \\bind {bound} \\g\n".encode(), check=True,
        capture_output=True, env={**os.environ, **sandbox.env})
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == rows_


def test_a_listing_ends_behind_ten_thousand_rows():
    large = Sandbox()
    try:
        connection = large.connect()
        listing_of_many(connection.cursor())
        connection.close()
    finally:
        large.stop()


def listing_of_many(cursor):
    cursor.execute("create schema many")
    for i in range(0, 10001, 137):
        cursor.execute(";".join(f"create view many.v{j} as select 1 as a"
                                for j in range(i, min(10001, i + 137))))
    assert complaint(cursor, "show tables from schema many") == \
        ("54000", "SHOW returns more than 10000 rows")
    assert len(asked(cursor, "show tables from schema many limit 10000",
                     "table_name")) == 10000
    assert len(asked(cursor, "show tables from schema many like 'v1%'",
                     "table_name")) == 1112
    assert complaint(cursor, "show tables from schema many like 'v%'")[0] == \
        "54000"


def test_older_servers_have_no_listings():
    older = Sandbox("--no-listings")
    try:
        connection = older.connect()
        assert connection.get_parameter_status("show_discovery") == "0"
        cursor = connection.cursor()
        cursor.execute("create table t (a int)")
        cursor.execute("show table t")
        for sql in ("show tables from schema public", "show databases",
                    "show columns from table public.t"):
            assert complaint(cursor, sql)[0] == "42601"
        connection.close()
    finally:
        older.stop()


def test_the_gateway_s_own_database_is_not_there(sandbox):
    with pytest.raises(psycopg2.OperationalError) as caught:
        psycopg2.connect(host="127.0.0.1", port=sandbox.env["PGPORT"],
                         user="awsuser", dbname="postgres", sslmode="require",
                         sslrootcert=sandbox.env["PGSSLROOTCERT"],
                         password=sandbox.env["PGPASSWORD"])
    assert 'database "postgres" does not exist' in str(caught.value)


def test_newer_servers_tell_that_they_have(sandbox):
    connection = sandbox.connect()
    assert connection.get_parameter_status("show_discovery") == "4"
    connection.close()


OLD = [v for v, columns in VIEWS.items()
       if columns[0]["works_on"].startswith("provisioned")]


@pytest.fixture(scope="module")
def serverless():
    running = Sandbox("--kind", "serverless")
    connection = running.connect()
    yield connection.cursor()
    connection.close()
    running.stop()


@pytest.mark.parametrize("view", OLD)
def test_serverless_refuses_provisioned_views(serverless, view):
    for name in (view, "pg_catalog." + view):
        assert complaint(serverless, f"select * from {name}") == \
            ("42501", f"permission denied for relation {view}")


@pytest.mark.parametrize("view", [v for v in VIEWS if v not in OLD])
def test_serverless_has_the_other_views(serverless, view):
    serverless.execute(f"select * from {view}")


def test_serverless_use_is_charged(serverless):
    serverless.execute("select 1")
    serverless.execute("select count(*), sum(charged_seconds) from"
                       " sys_serverless_usage")
    minutes, charged = serverless.fetchone()
    assert minutes >= 1 and charged >= 128 * 59
    serverless.execute("select distinct service_class_id from"
                       " sys_query_history")
    assert serverless.fetchall() == [(-1,)]


def test_a_column_of_such_a_name_is_no_view(serverless):
    serverless.execute("select stl_query from (select 1 as stl_query) x")
    assert serverless.fetchall() == [(1,)]


def test_serverless_views_without_rows():
    empty = Sandbox("--kind", "serverless", "--old-views", "empty")
    try:
        connection = empty.connect()
        cursor = connection.cursor()
        cursor.execute("select 1")
        for view in OLD:
            cursor.execute(f"select count(*) from {view}")
            assert cursor.fetchall() == [(0,)], view
        cursor.execute("select count(*) > 0 from sys_query_history")
        assert cursor.fetchall() == [(True,)]
        connection.close()
    finally:
        empty.stop()


EXTERNAL = [
    "create external table lake.t (id int, name varchar(20), v decimal(8,2))"
    " partitioned by (day date, \"kind of\" smallint) row format delimited"
    " fields terminated by '|' escaped by '\\\\' stored as textfile"
    " location 's3://lake/t/' table properties"
    " ('skip.header.line.count'='2', 'serialization.null.format'='it''s')",
    "create external table lake.t (f float8, g real, d timestamp, c char(3))"
    " row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' with"
    " serdeproperties ('separatorChar' = ';', 'quoteChar' = '''')"
    " stored as textfile location 's3://lake/t/'",
    "create external table lake.t (b boolean, \"B c\" bigint) stored as"
    " textfile location 's3://lake/t/'",
]


@pytest.mark.parametrize("sql", EXTERNAL)
def test_external_table_is_made_again_by_what_show_says(cursor, sql):
    cursor.execute("create external schema if not exists lake from data"
                   " catalog database 'd' iam_role default")
    cursor.execute(sql)
    if "partitioned" in sql:
        cursor.execute("alter table lake.t add partition (day='2024-02-29',"
                       " \"kind of\"=7) location 's3://lake/t/one/'")
    facts = ("select * from svv_external_tables",
             "select * from svv_external_columns order by columnnum",
             "select * from svv_external_partitions",
             "show external table lake.t partition")
    before = []
    for fact in facts:
        cursor.execute(fact)
        before.append(cursor.fetchall())
    (ddl,) = before[-1][0]
    cursor.execute("drop table lake.t")
    for part in ddl.split(";\n"):
        cursor.execute(part)
    for fact, rows_before in zip(facts, before):
        cursor.execute(fact)
        assert cursor.fetchall() == rows_before
    cursor.execute("drop table lake.t")
