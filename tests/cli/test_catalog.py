"""The cache of names: its commands, its file, and the SQL that fills it."""

import concurrent.futures
import csv
import io
import json
import os
import re
import sqlite3
import stat
import subprocess

import pytest

from private_postgres import Server
from redshift_facts import rows
from sandbox_server import Sandbox

REDSH = os.path.abspath(os.environ["REDSH"])

ODD = ['a"b', "a.b", "a\nb", "a\\b", "a,b", "x" * 127, "größe", "日本",
       "select", "$user", "#temp", "a'b", "a b", "%_"]


def run(folder, *args, env=None, text=""):
    """redsh with a home of its own: (code, stdout, stderr)."""
    settings = {"PATH": os.environ["PATH"], "HOME": str(folder),
                "XDG_CACHE_HOME": str(folder / "cache"),
                "XDG_STATE_HOME": str(folder / "state"),
                "PGCONNECT_TIMEOUT": "20", "LC_ALL": "C.UTF-8"}
    for name, value in os.environ.items():
        if name.startswith(("REDSH", "ASAN", "UBSAN", "LSAN")):
            settings[name] = value
    settings.update(env or {})
    done = subprocess.run([REDSH, "-X", *args], input=text.encode(),
                          capture_output=True, check=False, env=settings,
                          cwd=folder)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def asked_for(log):
    return re.findall(r" asks: (.*)", log.read_text(encoding="utf-8"))


def facts(folder, *args, env=None):
    code, out, err = run(folder, "--csv", *args, "-c", "\\cache", env=env)
    assert code == 0, err
    return dict(list(csv.reader(io.StringIO(out)))[1:])


def listing(path, columns, delimiter=","):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter,
                   lineterminator="\n").writerows(columns)


# ---- without a server ----

def test_a_listing_fills_a_cache_without_a_server(tmp_path):
    for delimiter in ",\t":
        listing(tmp_path / "l", [("schema", "table", "column", "type"),
                                 ("public", "orders", "id", "integer"),
                                 ("public", "orders", "v", "numeric(8,2)"),
                                 ("attic", "older", "d", "date")], delimiter)
        cache = str(tmp_path / f"c{ord(delimiter)}.db")
        code, _, err = run(tmp_path, "--cache", cache,
                           "-c", "\\cache import l")
        assert (code, err) == (0, "Imported 3 columns of 2 tables.\n")
        assert stat.S_IMODE(os.stat(cache).st_mode) == 0o600
        known = facts(tmp_path, "--cache", cache)
        assert known["schemas"] == "2"
        assert known["relations"] == "2"
        assert known["columns"] == "3"
        assert known["file"] == cache
        code, out, _ = run(tmp_path, "--cache", cache, "--complete",
                           "select * from attic.")
        assert "older" in out.splitlines()


def test_a_comma_in_a_type_needs_no_quotes(tmp_path):
    (tmp_path / "l").write_text("s,t,c,numeric(8,2)\n", encoding="utf-8")
    run(tmp_path, "--cache", "c.db", "-c", "\\cache import l")
    found = sqlite3.connect(tmp_path / "c.db").execute(
        "select type from columns").fetchall()
    assert found == [("numeric(8,2)",)]


def test_a_bad_listing_is_told_by_its_line_and_changes_nothing(tmp_path):
    (tmp_path / "l").write_text("s,t,c,int\n", encoding="utf-8")
    (tmp_path / "bad").write_text("s,u,c,int\nnonsense\n", encoding="utf-8")
    run(tmp_path, "--cache", "c.db", "-c", "\\cache import l")
    code, _, err = run(tmp_path, "--cache", "c.db", "-c",
                       "\\cache import bad")
    assert code != 0 and "bad: line 2 has 1 values" in err
    code, _, err = run(tmp_path, "--cache", "c.db", "-c",
                       "\\cache import missing")
    assert code != 0 and "missing" in err
    code, _, err = run(tmp_path, "--cache", "c.db", "-c", "\\cache import")
    assert code != 0 and "which file" in err
    found = sqlite3.connect(tmp_path / "c.db").execute(
        "select name from relations").fetchall()
    assert found == [("t",)]


def test_names_of_every_kind_survive_the_import(tmp_path):
    listing(tmp_path / "l", [(s, "t", "c", "int") for s in ODD] +
            [("s", t, "c", "int") for t in ODD] +
            [("s", "cols", c, "int") for c in ODD])
    run(tmp_path, "--cache", "c.db", "-c", "\\cache import l")
    base = sqlite3.connect(tmp_path / "c.db")
    for sql in ("select name from schemas where name <> 's'",
                "select r.name from relations r join schemas s"
                " on s.id = r.schema_id where s.name = 's'"
                " and r.name <> 'cols'",
                "select c.name from columns c join relations r"
                " on r.id = c.relation_id where r.name = 'cols'"):
        assert {name for name, in base.execute(sql)} == set(ODD)
    code, out, err = run(tmp_path, "--cache", "c.db", "--json", "--complete",
                         "select * from s.")
    assert code == 0, err
    offered = {item["text"] for item in json.loads(out)}
    assert {'"a""b"', '"a.b"', '"a b"', '"select"'} <= offered


def test_what_is_new_comes_as_rows(tmp_path):
    cache = ("--cache", "c.db")
    listing(tmp_path / "one", [("s", "t", "a", "int"), ("s", "t", "b", "int"),
                               ("s", "t", "c", "int"), ("s", "u", "a", "int"),
                               ("o", "other", "a", "int")])
    listing(tmp_path / "two", [("s", "t", "a", "bigint"),
                               ("s", "t", "c", "int"), ("s", "t", "d", "date"),
                               ("s", "v", "a", "int")])
    run(tmp_path, *cache, "-c", "\\cache import one")
    _, out, err = run(tmp_path, *cache, "--csv", "-c", "\\whatsnew")
    assert "nothing to compare" in err and out.count("\n") == 1
    run(tmp_path, *cache, "-c", "\\cache import two")
    _, out, _ = run(tmp_path, *cache, "--csv", "-t", "-c", "\\whatsnew")
    told = {tuple(row[:7]) for row in csv.reader(io.StringIO(out))}
    assert told == {
        ("changed", "column", "s", "t", "a", "int", "bigint"),
        ("removed", "column", "s", "t", "b", "int", ""),
        ("added", "column", "s", "t", "d", "", "date"),
        ("removed", "table", "s", "u", "", "", ""),
        ("added", "table", "s", "v", "", "", ""),
    }
    _, out, _ = run(tmp_path, *cache, "--json", "-c", "\\whatsnew")
    assert {row["Change"] for row in json.loads(out)} == \
        {"added", "removed", "changed"}
    # The same again is no change.
    run(tmp_path, *cache, "-c", "\\cache import two")
    _, out, _ = run(tmp_path, *cache, "--csv", "-t", "-c", "\\whatsnew")
    assert out == ""


def test_a_cache_is_cleared(tmp_path):
    listing(tmp_path / "l", [("s", "t", "a", "int")])
    run(tmp_path, "--cache", "c.db", "-c", "\\cache import l")
    code, _, err = run(tmp_path, "--cache", "c.db", "-c", "\\cache clear")
    assert code == 0, err
    assert facts(tmp_path, "--cache", "c.db")["columns"] == "0"
    code, _, err = run(tmp_path, "--cache", "c.db", "-c", "\\cache burn")
    assert code != 0 and "burn is not known" in err


def test_without_a_cache_the_commands_say_so(tmp_path):
    for args in (["--offline"], ["--no-cache", "--cache", "c.db"]):
        for command in ("\\cache", "\\whatsnew"):
            code, out, err = run(tmp_path, *args, "-c", command)
            assert code != 0 and out == ""
            assert "there is no cache of names" in err


# ---- files that cannot be used ----

def spoil_folder(path):
    path.mkdir()


def spoil_version(path):
    base = sqlite3.connect(path)
    base.execute("pragma user_version = 9999")
    base.execute("create table of_a_newer_program (a)")
    base.commit()
    base.close()


@pytest.mark.parametrize("spoil", [spoil_folder, spoil_version])
def test_a_file_that_cannot_be_used_is_left_alone(tmp_path, spoil):
    path = tmp_path / "c.db"
    spoil(path)
    listing(tmp_path / "l", [("s", "t", "a", "int")])
    code, out, err = run(tmp_path, "--cache", "c.db", "--csv", "-c",
                         "\\cache import l", "-c", "\\cache")
    assert code == 0
    assert err.count("\n") == 2 and "for this session only" in err
    assert dict(csv.reader(io.StringIO(out)))["columns"] == "1"
    if path.is_file():
        base = sqlite3.connect(path)
        assert base.execute("select count(*) from of_a_newer_program"
                            ).fetchone() == (0,)
    assert not [name for name in os.listdir(tmp_path)
                if name.startswith("redsh-")]


def test_a_damaged_file_is_built_anew(tmp_path):
    (tmp_path / "c.db").write_bytes(b"no database at all" * 1000)
    assert facts(tmp_path, "--cache", "c.db")["columns"] == "0"
    listing(tmp_path / "l", [("s", "t", f"c{i}", "int")
                             for i in range(5000)])
    run(tmp_path, "--cache", "c.db", "-c", "\\cache import l")
    with open(tmp_path / "c.db", "r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    code, _, err = run(tmp_path, "--cache", "c.db", "-c",
                       "\\cache import l")
    assert code == 0, err
    assert facts(tmp_path, "--cache", "c.db")["columns"] == "5000"


def test_a_full_disk_keeps_the_names_nowhere_but_says_so(tmp_path):
    code, _, err = run(tmp_path, "--cache", "/dev/full/x.db", "-c", "\\cache")
    assert code == 0
    assert err.count("\n") == 1 and "for this session only" in err
    code, _, err = run(tmp_path, "--cache", "/dev/full/x.db", "-c", "\\cache",
                       env={"TMPDIR": "/nonexistent"})
    assert code != 0 and "no cache of names for Tab" in err


def test_an_older_file_is_brought_up_to_date(tmp_path):
    base = sqlite3.connect(tmp_path / "c.db")
    base.executescript(
        "create table meta (name text primary key, value) without rowid;"
        "create table schemas (name text primary key, place integer);"
        "create table columns (a); pragma user_version = 1;")
    base.close()
    listing(tmp_path / "l", [("s", "t", "a", "int")])
    code, _, err = run(tmp_path, "--cache", "c.db", "-c",
                       "\\cache import l")
    assert code == 0, err
    assert facts(tmp_path, "--cache", "c.db")["columns"] == "1"


# ---- a PostgreSQL ----

@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


def test_a_postgres_is_read_whole_and_then_only_its_changes(tmp_path, server):
    env = {"PGHOST": str(server.dir), "PGUSER": "tester",
           "PGDATABASE": "postgres"}
    quoted = ['"%s"' % name.replace('"', '""')[:63] for name in ODD
              if name != "x" * 127]
    sql = "".join(f"create table {name} ({name} int);" for name in quoted)
    sql += ("create table parent (id int primary key, name text not null"
            " default 'x');"
            "create table child (id int primary key, up int references"
            " parent (id));"
            "comment on table child is 'of a parent';"
            "create view seen as select * from parent;"
            "create materialized view kept as select * from parent;"
            "create function twice(a int) returns int language sql"
            " as 'select a * 2'; create procedure act() language sql"
            " as 'select 1'; create role watchers;")
    code, _, err = run(tmp_path, "-q", "-f", "-", env=env, text=sql)
    assert code == 0, err
    log = tmp_path / "log"
    code, _, err = run(tmp_path, "--debug-log", str(log), "-c", "\\refresh",
                       env=env)
    assert code == 0 and "Tab knows" in err
    base = sqlite3.connect(next((tmp_path / "cache/redsh").glob("*.db")))
    names = {name for name, in base.execute("select name from relations")}
    assert {name for name in ODD if name != "x" * 127} <= names
    kinds = dict(base.execute("select name, kind from relations"))
    assert (kinds["parent"], kinds["seen"], kinds["kept"]) == (0, 1, 4)
    assert base.execute("select column_name, to_relation, to_column"
                        " from keys where kind = 'f'").fetchall() == \
        [("up", "parent", "id")]
    assert base.execute("select marks, value from columns c join relations r"
                        " on r.id = c.relation_id where r.name = 'parent'"
                        " order by position").fetchall() == \
        [(4 | 16, None), (16, "'x'::text")]
    assert base.execute("select comment from relations where name = 'child'"
                        ).fetchone() == ("of a parent",)
    assert {("twice", 5), ("act", 6)} <= set(base.execute(
        "select name, kind from functions"))
    assert ("watchers",) in base.execute(
        "select name from names where what = 7").fetchall()
    run(tmp_path, "-q", "-c", "alter table parent add more date", env=env)
    run(tmp_path, "-q", "-c", "drop table child", env=env)
    code, out, _ = run(tmp_path, "--csv", "-q", "-c", "\\refresh",
                       "-c", "\\whatsnew", env=env)
    told = {tuple(row[:7]) for row in csv.reader(io.StringIO(out))}
    assert ("added", "column", "public", "parent", "more", "", "date") in told
    assert ("removed", "table", "public", "child", "", "", "") in told


def test_several_shells_share_one_cache(tmp_path, server):
    env = {"PGHOST": str(server.dir), "PGUSER": "tester",
           "PGDATABASE": "postgres"}
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        ends = list(pool.map(lambda _: run(tmp_path, "-c", "\\refresh", "-c",
                                           "\\cache", env=env), range(6)))
    assert [code for code, _, _ in ends] == [0] * 6, ends
    assert len(list((tmp_path / "cache/redsh").glob("*.db"))) == 1
    alone = run(tmp_path, "-c", "\\refresh", env=env)[2]
    assert ", 0 changes" in alone


def test_databases_of_one_server_share_one_cache(tmp_path, server):
    env = {"PGHOST": str(server.dir), "PGUSER": "tester",
           "PGDATABASE": "postgres"}
    run(tmp_path, "-q", "-c", "create database second", "-c",
        "create table only_first (a int)", env=env)
    run(tmp_path, "-q", "-c", "\\refresh", env=env)
    env["PGDATABASE"] = "second"
    run(tmp_path, "-q", "-c", "create table only_second (a int)", "-c",
        "\\refresh", env=env)
    files = list((tmp_path / "cache/redsh").glob("*.db"))
    assert len(files) == 1
    assert sqlite3.connect(files[0]).execute(
        "select s.database, r.name from relations r join schemas s"
        " on s.id = r.schema_id where r.name like 'only%' order by 1"
        ).fetchall() == [("postgres", "only_first"),
                         ("second", "only_second")]
    code, out, _ = run(tmp_path, "--complete", "select * from only_", env=env)
    assert out.split() == ["only_second"]


def test_a_cache_is_read_again_when_it_is_old(tmp_path, server):
    env = {"PGHOST": str(server.dir), "PGUSER": "tester",
           "PGDATABASE": "postgres"}
    run(tmp_path, "-c", "\\refresh", env=env)
    log = tmp_path / "log"
    run(tmp_path, "--debug-log", str(log), "-c", "\\cache", env=env)
    assert asked_for(log) == []
    base = sqlite3.connect(next((tmp_path / "cache/redsh").glob("*.db")))
    base.execute("update databases set harvested_ms = harvested_ms"
                 " - 2 * 3600000")
    base.commit()
    base.close()
    code, out, _ = run(tmp_path, "--csv", "-v", "CATALOG_AGE=3h", "-c",
                       "select 1", "-c", "\\cache", env=env)
    assert code == 0 and "reading now,no" in out
    code, out, _ = run(tmp_path, "--csv", "-v", "CATALOG_AGE=1h", "-c",
                       "select 1", "-c", "\\cache", env=env)
    assert code == 0
    assert "reading now,yes" in out or "age,2 h" not in out
    code, _, err = run(tmp_path, "-v", "CATALOG_AGE=soon", "-c", "select 1",
                       env=env)
    assert "CATALOG_AGE" in err


# ---- the sandbox ----

SETUP = """
create schema shop;
create table shop.a (id int not null primary key, name varchar(20)
    default 'x' encode zstd, v numeric(8,2)) distkey (id) sortkey (id, name);
create table shop.b (i bigint identity(1,1), a int references shop.a (id))
    interleaved sortkey (a, i);
comment on column shop.a.v is 'in EUR';
create view shop.v as select id from shop.a;
create view shop.late as select id, v from shop.a with no schema binding;
create view shop.broken as select x from nowhere.nothing
    with no schema binding;
create materialized view shop.m as select id from shop.a;
create function shop.f(int, varchar) returns int stable
    as $$ select $1 $$ language sql;
create procedure shop.p(a int) as $$ begin null; end; $$ language plpgsql;
create user reader password 'Abcdef12';
create group readers;
create role looker;
create external schema lake from data catalog database 'lake' iam_role default
    create external database if not exists;
create external table lake.events (id int, day date)
    row format delimited fields terminated by ',' stored as textfile
    location 's3://b/events/';
"""


@pytest.fixture(scope="module", params=["provisioned", "serverless", "old"])
def sandbox(request):
    running = Sandbox(*(["--no-listings"] if request.param == "old" else
                        ["--kind", request.param]))
    connection = running.connect()
    cursor = connection.cursor()
    for sql in re.split(r";\n", SETUP):
        if sql.strip():
            cursor.execute(sql)
    connection.close()
    yield running
    running.stop()


@pytest.fixture(params=["awsuser", "reader"])
def who(request, sandbox):
    env = dict(sandbox.env)
    if request.param == "reader":
        env.update(PGUSER="reader", PGPASSWORD="Abcdef12")
    return env


def test_a_redshift_is_read_whole(tmp_path, who):
    code, _, err = run(tmp_path, "-c", "\\refresh", env=who)
    assert code == 0, err
    base = sqlite3.connect(next((tmp_path / "cache/redsh").glob("*.db")))
    kinds = dict(base.execute(
        "select r.name, r.kind from relations r join schemas s"
        " on s.id = r.schema_id where s.name in ('shop', 'lake')"))
    assert kinds == {"a": 0, "b": 0, "v": 1, "late": 3, "broken": 3, "m": 4,
                     "events": 2}
    columns = {(r, c): rest for r, c, *rest in base.execute(
        "select r.name, c.name, c.type, c.marks, c.sort, c.encoding, c.value,"
        " c.comment from columns c join relations r on r.id = c.relation_id"
        " join schemas s on s.id = r.schema_id"
        " where s.name in ('shop', 'lake')")}
    assert columns["a", "id"][:3] == ["integer", 1 | 2 | 4 | 16, 1]
    assert columns["a", "name"][1:4] == [2, 2, "zstd"]
    assert columns["a", "name"][4].startswith("'x'")
    assert columns["a", "v"][0] == "numeric(8,2)"
    assert columns["a", "v"][5] == "in EUR"
    assert columns["b", "i"][1] & 64
    assert columns["b", "i"][2] == 2
    # A broken view does not spoil the rest.
    assert columns["late", "v"][0] == "numeric(8,2)"
    assert ("broken", "x") not in columns
    assert columns["events", "day"][:2] == ["date", 0]
    assert base.execute(
        "select column_name, to_schema, to_relation, to_column from keys"
        " where kind = 'f'").fetchall() == [("a", "shop", "a", "id")]
    assert dict(base.execute("select name, kind from schemas"))["lake"] == \
        "external"


def test_a_harvest_is_few_statements(tmp_path, who):
    log = tmp_path / "log"
    code, _, err = run(tmp_path, "--debug-log", str(log), "-c", "\\refresh",
                       env=who)
    assert code == 0
    whole = len(asked_for(log))
    assert 10 <= whole <= 35
    # And SHOW search_path.
    assert f"by {whole + 1} queries" in err


def test_after_ddl_only_what_it_names_is_asked_for(tmp_path, sandbox):
    """The first command opens the cache; statements are counted."""
    log = tmp_path / "log"
    run(tmp_path, "-c", "\\refresh", env=sandbox.env)
    code, _, err = run(tmp_path, "--debug-log", str(log), "-f", "-",
                       env=sandbox.env, text="\\cache\n"
                       "create table counted (a int);\n"
                       "select 1;\n")
    assert code == 0, err
    asked = asked_for(log)
    assert len(asked) <= 8
    assert all("in ('counted')" in sql for sql in asked
               if "pg_attribute" in sql)
    base = sqlite3.connect(next((tmp_path / "cache/redsh").glob("*.db")))
    assert base.execute("select c.name from columns c join relations r"
                        " on r.id = c.relation_id where r.name = 'counted'"
                        ).fetchall() in ([("a",)], [])
    run(tmp_path, "-q", "-c", "drop table counted", env=sandbox.env)


# ---- every name in the SQL is documented ----

PG8 = {}
for _row in rows("pg8-catalog.tsv"):
    PG8.setdefault(_row["relation"], set()).add(_row["column"])
for _row in rows("system-views.tsv"):
    PG8.setdefault(_row["view"], set()).add(_row["column"])
for _of, _more in (("pg_class", "pg_class_info"), ("pg_proc", "pg_proc_info"),
                   ("pg_database", "pg_database_info"),
                   ("pg_user", "pg_user_info"),
                   ("pg_attribute", "pg_attribute_info")):
    PG8.setdefault(_more, set()).update(PG8.get(_of, ()))
HAS_OID = {"pg_class", "pg_namespace", "pg_proc", "pg_type", "pg_constraint",
           "pg_language", "pg_database", "pg_attrdef", "pg_rewrite",
           "pg_operator", "pg_opclass", "pg_conversion", "pg_cast", "pg_am",
           "pg_trigger", "pg_tablespace"}


def relations_in(sql):
    """{alias: relation} of one query without its literals."""
    found = {}
    for name, alias in re.findall(
            r"\b(?:from|join)\s+(?:pg_catalog\.)?([a-z_][a-z_0-9]*)"
            r"(?!\s*[(.a-z_0-9])(?:\s+(?:as\s+)?(?!on\b|where\b|join\b|left\b"
            r"|order\b|group\b|limit\b|union\b|and\b|cross\b|inner\b)"
            r"([a-z_][a-z_0-9]*))?", sql):
        found[alias or name] = name
    return found


def check(sql):
    bare = re.sub(r"'(?:[^']|'')*'", "''", sql.lower())
    bare = re.sub(r"--.*", "", bare)
    used = relations_in(bare)
    for relation in used.values():
        assert relation in PG8, f"{relation} is not documented: {sql}"
    for alias, column in re.findall(r"\b([a-z_][a-z_0-9]*)\.\"?"
                                    r"([a-z_][a-z_0-9]*)\"?(?!\s*\()", bare):
        relation = used.get(alias)
        if relation is None:
            continue
        if column == "oid" and relation in HAS_OID:
            continue
        assert column in PG8[relation], f"{relation}.{column}: {sql}"
    if len(used) == 1 and re.match(r"select [a-z_, ]+ from", bare):
        columns = re.match(r"select ([a-z_, ]+) from", bare)[1]
        (relation,) = used.values()
        for column in columns.replace(" ", "").split(","):
            assert column == "null" or column in PG8[relation], \
                f"{relation}.{column}: {sql}"
    # The leader's catalog and what the compute nodes keep do not meet.
    kinds = {"leader" if name.startswith("pg_") else name.split("_")[0]
             for name in used.values()}
    if "leader" in kinds:
        assert not kinds & {"stl", "stv", "svl", "sys"}, sql
        assert "svv_table_info" not in used.values(), sql


def test_the_harvest_names_only_what_is_documented(tmp_path, who):
    log = tmp_path / "log"
    run(tmp_path, "--debug-log", str(log), "-c", "\\refresh", env=who)
    asked = re.findall(r"asks: (.*)", log.read_text(encoding="utf-8"))
    assert len(asked) > 10
    for sql in asked:
        check(sql)


LISTERS = r"""
\d shop.a
\d+ shop.b
\d shop.v
\d shop.late
\d shop.m
\d lake.events
\d
\dt *.*
\dv+
\dm
\dn+
\df
\df+ shop.*
\du
\dg
\dp
\dT
\dE *.*
\l+
\sv shop.v
\sf shop.f
\ddp
\dd
\dL
"""


def test_the_listings_name_only_what_is_documented(tmp_path, who):
    _, out, err = run(tmp_path, "-E", "-f", "-", env=who, text=LISTERS)
    asked = re.findall(r"/?\*+ QUERY \*+/?\n(.*?)\n/?\*{10,}", out + err,
                       flags=re.S)
    assert len(asked) > 15, out + err
    for sql in asked:
        check(sql)
