"""What Tab offers is right by a server's word: candidates are put into their
statements, and a real PostgreSQL is asked to EXPLAIN them. It knows scopes,
ambiguous names, reserved words and quotes better than any list of ours."""

import json
import os
import subprocess

import pytest

from private_postgres import BIN, Server

REDSH = os.path.abspath(os.environ["REDSH"])
PSQL = os.environ.get("PSQL", str(BIN / "psql"))
SECONDS = 120

# Names as nobody should give them; é and the like are told apart by case.
TABLES = r"""
create table venue (venueid int primary key, venuename varchar(100),
    venuecity varchar(30));
create table event (eventid int primary key, venueid int, catid int,
    eventname varchar(200), starttime timestamp);
create table sales (salesid int, eventid int, sellerid int, buyerid int,
    qtysold int, pricepaid numeric(8,2), saletime timestamp);
create table users (userid int, username text, "group" text, "user" text);
create schema "Odd one";
create schema attic;
create table attic.old_sales (salesid int, year int);
create table "Odd one"."Order" ("Id" int, "select" int, "From" int,
    "a.b" int, "x""y" int, "q'uote" int, "UPPER" int, plain int, col$1 int,
    "été" int, "日本語" int, "1st" int, "with space" int, "back\slash" int,
    "end" int, "Default" int, "tag" int, "percent%" int, "$odd" int);
create table "Odd one"."from" ("Id" int, "Order" int, ":colon" int,
    "`tick" int);
create table "Odd one"."select ""all"" from" (v int);
"""

# A place, and the kinds that make a whole statement of it.
PLACES = [
    ("select | from sales", "column"),
    ("select | from sales s", "column"),
    ("select s.| from sales s", "column"),
    ("select sales.| from sales", "column"),
    ("select | from sales s join event e on true", "column"),
    ("select | from sales s join event e using (eventid)", "column"),
    ("select | from sales s, event e, venue v", "column"),
    ("select | from users", "column"),
    ("select | from attic.old_sales o, sales", "column"),
    ('select | from "Odd one"."Order"', "column"),
    ('select | from "Odd one"."Order" o, "Odd one"."from" f', "column"),
    ('select | from "Odd one"."from"', "column"),
    ('select o.| from "Odd one"."Order" o', "column"),
    ('select "Order".| from "Odd one"."Order"', "column"),
    ('select "S x".| from sales "S x", event', "column"),
    ('select | from sales "S x", event', "column"),
    ("select x.| from (select * from sales) x", "column"),
    ("select | from (select s.*, e.eventname from sales s join event e"
     " using (eventid)) x", "column"),
    ("select | from (select eventid i, count(*), sum(pricepaid), 1 a, 'x' b,"
     " pricepaid::int from sales group by 1, 6) x", "column"),
    ("with a as (select * from sales) select | from a", "column"),
    ('with a as (select * from sales), "B b" as (select a.salesid, e.* from a'
     ' join event e using (eventid)) select | from "B b", a', "column"),
    ("with a(x, y) as (select 1, 2) select | from a", "column"),
    ("with recursive a(n) as (select 1 union all select | from a where n < 3)"
     " select * from a", "column"),
    ("select * from sales s where exists (select 1 from event e where |"
     " is null)", "column"),
    ("select (select | from venue limit 1) from sales, event", "column"),
    ("select * from sales where | is not null", "column"),
    ("select sellerid as who, sum(pricepaid), extract(year from saletime)"
     " from sales group by 1, saletime order by |", "expression"),
    ("select sellerid as who, s.buyerid, extract(year from saletime) from"
     " sales s group by 1, 2, saletime, |", "expression"),
    ("select row_number() over (partition by | order by saletime) from sales",
     "column"),
    ("select * from sales s join event e on |", "join"),
    ("select * from event e join venue v on |", "join"),
    ("select * from sales s join users u on |", "join"),
    ('select * from "Odd one"."Order" "A b" join "Odd one"."from" f on |',
     "join"),
    ("select * from sales s join (select eventid, eventname from event) e"
     " on |", "join"),
    ("select * from sales join event using (|)", "column"),
    ("select *| from sales", "columns"),
    ("select *| from sales s, event e", "columns"),
    ("select *| from event join venue using (venueid)", "columns"),
    ('select *| from "Odd one"."Order", "Odd one"."from"', "columns"),
    ("select 1, e.*|, 2 from sales s, event e", "columns"),
    ("insert into venue (|) select 1, 'a', 'b'", "columns"),
    ("insert into venue (venueid, |) select 1, 'a', 'b'", "columns"),
    ("insert into venue | select 1, 'a', 'b'", "columns"),
    ("insert into venue (|) select null", "column"),
    ("insert into venue (venueid, |) select 1, null", "column"),
    ("update venue set | = null", "column"),
    ("update venue set venuename = '', | = null", "column"),
    ("update sales s set pricepaid = 0 from event e where | is null",
     "column"),
    ("delete from sales using event e where | is null", "column"),
    ("select * from |", "table"),
    ("select * from public.|", "table"),
    ('select * from "Odd one".|', "table"),
    ('select * from "Odd one"."|', "table"),
    ("select * from o|", "table"),
    ("with a as (select 1) select * from |", "cte"),
    ("select * from sales s, |", "table"),
    ("delete from |", "table"),
]


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def ask(server, tmp_path_factory):
    """Statements to the server: what it says of each."""
    environment = {"PATH": os.environ["PATH"], "PGHOST": str(server.dir),
                   "PGUSER": "tester", "PGDATABASE": "postgres",
                   "LC_ALL": "C.UTF-8",
                   "HOME": str(tmp_path_factory.mktemp("home"))}

    def run(*args, stdin=""):
        return subprocess.run([PSQL, "-X", *args], input=stdin, text=True,
                              env=environment, capture_output=True,
                              timeout=SECONDS, check=False)
    made = run("-v", "ON_ERROR_STOP=1", stdin=TABLES)
    assert made.returncode == 0, made.stderr
    return run


@pytest.fixture(scope="module")
def cache(ask, tmp_path_factory):
    """A listing, as \\cache import takes it."""
    folder = tmp_path_factory.mktemp("cache")
    told = ask("--csv", "-c", "select table_schema, table_name, column_name,"
               " data_type from information_schema.columns where table_schema"
               " not in ('pg_catalog', 'information_schema')"
               " order by 1, 2, ordinal_position")
    (folder / "listing.csv").write_text(told.stdout)
    file = str(folder / "names.db")
    made = offer_process("-X", "--offline", "--cache", file, "-c",
                         f"\\cache import '{folder}/listing.csv'")
    assert made.returncode == 0, made.stderr
    return file


def offer_process(*args):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere",
                   "LC_ALL": "C.UTF-8",
                   **{name: os.environ[name] for name in
                      ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
                      if name in os.environ}}
    return subprocess.run([REDSH, *args], env=environment, text=True,
                          capture_output=True, timeout=SECONDS, check=False)


def completed(place, kind, cache):
    """The statements that the candidates make of a place."""
    text, cursor = place.replace("|", ""), len(place.split("|")[0].encode())
    told = offer_process("--cache", cache, "--json", "--complete", text,
                         "--cursor", str(cursor))
    assert told.returncode == 0, told.stderr
    raw = text.encode()
    return [(raw[:one["start"]] + one["text"].encode()
             + raw[one["end"]:]).decode()
            for one in json.loads(told.stdout) if one["kind"] == kind]


@pytest.mark.parametrize("place,kind", PLACES)
def test_a_server_takes_every_candidate(place, kind, ask, cache):
    statements = completed(place, kind, cache)
    assert statements, "nothing is offered"
    # Each on its own: an error ends nothing.
    told = ask("-q", "-o", "/dev/null", stdin="".join(
        f"explain {statement};\n" for statement in statements))
    assert told.stderr == "", told.stderr
