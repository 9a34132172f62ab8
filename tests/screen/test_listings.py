"""Every listing of the catalog against the sandbox: headings, rows, letters,
patterns, and who sees what."""

import csv
import io
import json
import os
import subprocess

import pytest

from terminal import REDSH

SEED = """
create table sales (sale_id bigint identity(1, 1), store_id int not null,
    amount numeric(8,2), sold date) diststyle key distkey (store_id);
create table everywhere (a int) diststyle all;
create view by_day as select sold, sum(amount) as total from sales
    group by sold;
create materialized view mv_days as select sold, sum(amount) as total
    from sales group by sold;
create schema attic;
create table attic.dusty (grime int);
create view attic.old as select 1 as a;
comment on table sales is 'what was sold';
create user joe password 'Abcd1234' createdb valid until '2030-01-01';
create group readers with user joe;
grant select on sales to group readers;
grant select (sold) on sales to joe;
grant usage on schema attic to joe;
grant select on attic.dusty to joe;
create function f_twice(a int) returns int stable as $$ select 2 * $1 $$
    language sql;
create procedure p_none(a int, b varchar(10)) as $$ begin null; end $$
    language plpgsql;
create table "Odd ""Na.me" (x int);
alter default privileges in schema attic grant select on tables
    to group readers;
alter user joe set search_path to attic;
"""


@pytest.fixture(scope="module")
def seeded(sandbox):
    sandbox.redsh("-q", "-v", "ON_ERROR_STOP=1", "-f", "-", text=SEED)
    return sandbox


@pytest.fixture(scope="module")
def table(seeded):
    """Rows of a listing as dictionaries."""
    def read(command, *more):
        text = seeded.redsh("-q", "--csv", *more, "-c", command)
        return list(csv.DictReader(io.StringIO(text)))
    return read


def run(sandbox, *arguments, text=None):
    return subprocess.run(
        [REDSH, f"--sandbox={sandbox.folder}", "-X", *arguments],
        env=sandbox.env, input=text, capture_output=True, text=True,
        timeout=300, check=False)


# command, headings, a row that must be there (cells by heading)
CASES = [
    (r"\d", "Schema,Name,Type,Owner",
     {"Schema": "public", "Name": "mv_days", "Type": "materialized view"}),
    (r"\d+", "Schema,Name,Type,Owner,Distribution,Rows,MB,Unsorted%,"
     "Stats off%,Skew,Description",
     {"Name": "sales", "Distribution": "KEY", "Description": "what was sold"}),
    (r"\dt", "Schema,Name,Type,Owner",
     {"Name": "sales", "Type": "table", "Owner": "awsuser"}),
    (r"\dt+", "Schema,Name,Type,Owner,Distribution,Rows,MB,Unsorted%,"
     "Stats off%,Skew,Description",
     {"Name": "everywhere", "Distribution": "ALL"}),
    (r"\dv+", "Schema,Name,Type,Owner,Description",
     {"Name": "by_day", "Type": "view"}),
    (r"\dvm", "Schema,Name,Type,Owner",
     {"Name": "mv_days", "Type": "materialized view"}),
    (r"\dtE", "Schema,Name,Type,Owner", {"Name": "sales", "Type": "table"}),
    (r"\dm", "Schema,Name,Owner,Stale,Autorefresh",
     {"Name": "mv_days", "Owner": "awsuser", "Autorefresh": "no"}),
    (r"\dm+", "Schema,Name,Owner,Stale,Autorefresh,Autorewrite,"
     "Refresh",
     {"Name": "mv_days", "Refresh": "incremental"}),
    (r"\daS sum", "Schema,Name,Result data type,Argument data types,"
     "Description", {"Name": "sum", "Argument data types": "integer"}),
    (r"\dC int", "Source type,Target type,Function,Implicit?",
     {"Source type": "integer", "Target type": "bigint", "Implicit?": "yes"}),
    (r"\dC+ int", "Source type,Target type,Function,Implicit?,Description",
     {"Source type": "integer"}),
    (r"\dconfig search*", "Parameter,Value",
     {"Parameter": "search_path", "Value": '"$user", public'}),
    (r"\dconfig+ query_group", "Parameter,Value,Type,Context",
     {"Parameter": "query_group", "Value": "unset", "Type": "string"}),
    (r"\ddp", "Owner,Schema,Type,Access privileges",
     {"Owner": "awsuser", "Schema": "attic", "Type": "table",
      "Access privileges": "readers=r/awsuser"}),
    (r"\ddp att*", "Owner,Schema,Type,Access privileges",
     {"Schema": "attic"}),
    (r"\ddp awsuser", "Owner,Schema,Type,Access privileges",
     {"Schema": "attic"}),
    (r"\df", "Schema,Name,Result data type,Argument data types,Type",
     {"Name": "p_none", "Type": "proc", "Result data type": "",
      "Argument data types": "integer, character varying"}),
    (r"\df+", "Schema,Name,Result data type,Argument data types,Type,"
     "Argument names,Volatility,Owner,Security,Access privileges,Language,"
     "Source code,Description",
     {"Name": "f_twice", "Argument names": "a", "Volatility": "stable",
      "Language": "sql", "Security": "invoker"}),
    (r"\dfS substr* text int", "Schema,Name,Result data type,"
     "Argument data types,Type",
     {"Name": "substring", "Argument data types": "text, integer, integer"}),
    (r"\dg", "Role name,Attributes,Member of",
     {"Role name": "awsuser", "Attributes": "Superuser, Create DB"}),
    (r"\du joe", "Role name,Attributes,Member of",
     {"Role name": "joe", "Member of": "readers", "Attributes":
      "Create DB\nPassword valid until 2030-01-01 00:00:00+00"}),
    (r"\du+", "Role name,Attributes,Member of,Connection limit,System log,"
     "Session timeout", {"Role name": "joe", "Connection limit": "UNLIMITED"}),
    (r"\du readers", "Role name,Attributes,Member of",
     {"Role name": "readers", "Attributes": "Group"}),
    (r"\dL", "Name,Trusted,Description", {"Name": "plpgsql", "Trusted": "t"}),
    (r"\dLS+", "Name,Trusted,Internal language,Access privileges,Description",
     {"Name": "sql", "Internal language": "t"}),
    (r"\dn", "Name,Owner,Type",
     {"Name": "attic", "Owner": "awsuser", "Type": "local"}),
    (r"\dn+", "Name,Owner,Type,External database,External options,"
     "Access privileges,"
     "Description", {"Name": "attic", "Access privileges":
                     "awsuser=UC/awsuser\njoe=U/awsuser"}),
    (r"\dnS", "Name,Owner,Type", {"Name": "pg_catalog"}),
    (r"\do + int4 int4", "Schema,Name,Left arg type,Right arg type,"
     "Result type,Description", {"Name": "+", "Description": "add"}),
    (r"\do - int4", "Schema,Name,Left arg type,Right arg type,Result type,"
     "Description", {"Left arg type": "", "Description": "negate"}),
    (r"\doS+ ||", "Schema,Name,Left arg type,Right arg type,Result type,"
     "Function,Description", {"Name": "||", "Left arg type": "text"}),
    (r"\dp", "Schema,Name,Type,Access privileges,Column privileges",
     {"Name": "sales", "Column privileges": "sold:\n  joe=r/awsuser",
      "Access privileges": "awsuser=arwdDxt/awsuser\nreaders=r/awsuser"}),
    (r"\z attic.*", "Schema,Name,Type,Access privileges,Column privileges",
     {"Schema": "attic", "Name": "dusty"}),
    (r"\drds", "Role,Database,Settings",
     {"Role": "joe", "Database": "", "Settings": "search_path=attic"}),
    (r"\drds jo*", "Role,Database,Settings", {"Role": "joe"}),
    (r"\drg", "Role name,Member of,Options,Type",
     {"Role name": "joe", "Member of": "readers", "Type": "user in group"}),
    (r"\dT int4", "Schema,Name,Description", {"Name": "integer"}),
    (r"\dTS super", "Schema,Name,Description", {"Name": "super"}),
    (r"\dT+ int", "Schema,Name,Internal name,Size,Owner,Description",
     {"Internal name": "int4", "Size": "4"}),
    (r"\l", "Name,Owner,Encoding,Type,Access privileges",
     {"Name": "dev", "Owner": "awsuser", "Type": "local"}),
    (r"\list+ d*", "Name,Owner,Encoding,Type,Isolation level,"
     "Connection limit,Access privileges",
     {"Name": "dev", "Isolation level": "Snapshot Isolation"}),
]


@pytest.mark.parametrize("command,headings,row", CASES,
                         ids=[case[0] for case in CASES])
def test_a_listing_has_its_headings_and_rows(table, command, headings, row):
    rows = table(command)
    assert rows
    assert ",".join(rows[0]) == headings
    assert any(all(found[name] == text for name, text in row.items())
               for found in rows), rows


def names(rows):
    return [row["Name"] for row in rows]


def test_letters_choose_kinds(table):
    assert names(table(r"\dv")) == ["by_day"]
    assert names(table(r"\dvm")) == ["by_day", "mv_days"]
    assert names(table(r"\dt")) == ["everywhere", 'odd "na.me', "sales"]
    assert names(table(r"\dtv")) == ["by_day", "everywhere", 'odd "na.me',
                                     "sales"]
    assert names(table(r"\dfp")) == ["p_none"]
    assert names(table(r"\dfn")) == ["f_twice"]
    assert names(table(r"\dfa")) == []
    assert "sum" in names(table(r"\dfaS"))


def test_system_objects_need_s_or_a_pattern(table):
    assert "pg_class" in names(table(r"\dtS"))
    assert "pg_class" in names(table(r"\dt pg_cl*"))
    assert "rdsdb" not in [row["Role name"] for row in table(r"\du")]
    assert "rdsdb" in [row["Role name"] for row in table(r"\duS")]
    assert names(table(r"\l")) == ["dev"]
    assert "template1" in names(table(r"\lS"))


def test_schemas_outside_of_the_path_are_named(table):
    assert names(table(r"\dt attic.*")) == ["dusty"]
    assert names(table(r"\dtv attic.*")) == ["dusty", "old"]
    assert names(table(r"\dt *.dust?")) == ["dusty"]
    assert names(table(r"\dt dusty")) == []
    assert names(table(r"\dt dev.attic.dusty")) == ["dusty"]


def test_odd_names_are_found_in_quotes(table, seeded):
    assert names(table(r'\dt "odd ""na.me"')) == ['odd "na.me']
    # Redshift folds names in quotes as well.
    assert names(table(r'\dt "Odd ""Na.me"')) == ['odd "na.me']
    assert names(table(r'\dt "Odd ""N"*')) == ['odd "na.me']
    text = seeded.redsh("-c", r'\d "odd ""na.me"')
    assert 'Table "public.odd "na.me"' in text


def test_names_keep_capitals_where_the_server_keeps_them(table, sandbox):
    sandbox.redsh("-q", "-c", "set enable_case_sensitive_identifier to true",
                  "-c", 'create table attic."Loud" (a int)')
    assert names(table(r'\dt attic."Loud"')) == ["Loud"]
    assert names(table(r"\dt attic.loud")) == []
    assert names(table(r'\dt attic."L"*')) == ["Loud"]


def test_a_temporary_table_is_listed(sandbox):
    text = sandbox.redsh("-q", "-c", "create temp table scratch (a int)",
                         "-c", r"\dt")
    assert "scratch" in text


def test_the_option_lists_databases_and_leaves(seeded):
    for option in ("-l", "--list"):
        assert seeded.redsh("-At", option).startswith("dev|awsuser|UTF8|local|")
    assert seeded.redsh("-x", "-l").startswith("List of databases\n-[ RECORD")


def test_x_shows_records(seeded):
    for command in (r"\dtx sales", r"\d+tx sales", r"\lx dev", r"\dux joe",
                    r"\zx sales", r"\dfx+ f_twice", r"\dSx sales"):
        assert "RECORD 1" in seeded.redsh("-c", command), command
    assert "RECORD" not in seeded.redsh("-c", r"\dt sales")
    # and nothing is left of it
    text = seeded.redsh("-q", "-c", r"\dtx sales", "-c", "select 1 as one")
    assert text.endswith(" one \n-----\n   1\n(1 row)\n\n")


def test_a_described_relation_stays_a_table_under_expanded(seeded):
    text = seeded.redsh("-q", "-x", "-c", r"\d everywhere")
    assert "RECORD" not in text
    assert 'Materialized view "public.mv_days"' in \
        seeded.redsh("-c", r"\d mv_days")


def test_every_format_takes_a_listing(seeded):
    assert "| public | sales | table |" in \
        seeded.redsh("--markdown", "-c", r"\dt sales")
    assert json.loads(seeded.redsh("--json", "-c", r"\dt sales")) == [
        {"Schema": "public", "Name": "sales", "Type": "table",
         "Owner": "awsuser"}]
    assert "public|sales|table|awsuser" in \
        seeded.redsh("-At", "-c", r"\dt sales")
    assert "<td" in seeded.redsh("-H", "-c", r"\dt sales")


@pytest.mark.parametrize("command,text", [
    (r"\dt nothing", 'Did not find any relation named "nothing".\n'),
    (r"\dE", "Did not find any relations.\n"),
    (r"\de", "Did not find any relations.\n"),
    (r"\drds nobody", 'Did not find any settings for role "nobody".\n'),
    (r"\drds no body",
     'Did not find any settings for role "no" and database "body".\n'),
    (r"\da", "Redshift has no aggregate functions but its own; \\daS lists "
     "them.\n"),
    (r"\do", "Redshift has no operators but its own; \\doS lists them.\n"),
    (r"\dT", "Redshift has no data types but its own; \\dTS lists them.\n"),
])
def test_nothing_found_is_told_and_fails_nothing(seeded, command, text):
    done = run(seeded, "-v", "ON_ERROR_STOP=1", "-c", command)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == text
    quiet = run(seeded, "-q", "-c", command)
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert "(0 rows)" in quiet.stdout


def test_an_empty_listing_of_comments_is_a_table(table, seeded):
    assert table(r"\dd") == []
    assert "(0 rows)" in seeded.redsh("-c", r"\dd")


def test_a_relation_that_is_not_there_fails(seeded):
    done = run(seeded, "-c", r"\d nothing")
    assert done.returncode == 1
    assert done.stderr == (
        'Did not find any relation named "nothing".\n'
        "Only schemas of the search path were looked through; "
        "\\d *.nothing looks into all.\n")


@pytest.mark.parametrize("pattern,text", [
    ("a.b.c.d", "improper qualified name (too many dotted names): a.b.c.d"),
    ("other.public.sales",
     "cross-database references are not implemented: other.public.sales"),
    ("(", "ERROR:  invalid regular expression"),
])
def test_a_pattern_that_cannot_be_is_refused(seeded, pattern, text):
    done = run(seeded, "-c", rf"\dt {pattern}")
    assert done.returncode == 1
    assert done.stderr.startswith(text)


ABSENT = {
    r"\dA": "access methods", r"\dA+": "access methods",
    r"\dAc": "operator classes", r"\dAf": "operator families",
    r"\dAo": "operator families", r"\dAp": "operator families",
    r"\db": "tablespaces", r"\dc": "encoding conversions",
    r"\dD": "domains", r"\des": "foreign servers",
    r"\det+": "foreign tables", r"\deu": "user mappings",
    r"\dew": "foreign-data wrappers", r"\dF": "text search",
    r"\dFd": "text search", r"\dFp": "text search", r"\dFt": "text search",
    r"\di": "indexes", r"\di+": "indexes", r"\disx": "sequences",
    r"\dl": "large objects", r"\lo_list": "large objects",
    r"\dO": "list of collations",
    r"\dP": "partitioned tables", r"\dPin": "partitioned tables",
    r"\dRp": "publications", r"\dRs": "subscriptions",
    r"\ds": "sequences", r"\dx": "extensions",
    r"\dX": "extended statistics", r"\dy": "event triggers",
    r"\dft": "triggers",
}


@pytest.mark.parametrize("command", ABSENT)
def test_what_redshift_lacks_is_said_in_a_sentence(seeded, command):
    done = run(seeded, "-v", "ON_ERROR_STOP=1", "-f", "-",
               text=f"{command}\nselect 1;\n")
    assert done.returncode == 3
    assert done.stdout == ""
    assert "Redshift has no " + ABSENT[command] in done.stderr
    assert done.stderr.count("\n") <= 2


def test_a_script_goes_on_behind_what_redshift_lacks(seeded):
    text = seeded.redsh("-At", "-f", "-", text="\\di\nselect 1;\n")
    assert text == "1\n"


def test_echo_hidden_shows_the_query(seeded):
    text = seeded.redsh("-E", "-c", r"\dt sales")
    assert "********* QUERY **********\nselect n.nspname" in text
    assert "c.relname = 'sales'" in text
    done = run(seeded, "-v", "ECHO_HIDDEN=noexec", "-c", r"\dt")
    assert "QUERY" in done.stdout
    assert "sales" not in done.stdout


def test_others_see_what_is_theirs(seeded):
    def joe(command):
        done = run(seeded, "-d", "user=joe password=Abcd1234", "-At", "-c",
                   command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    # search_path of joe is attic
    assert "attic|dusty|table|awsuser" in joe(r"\dt+")
    assert "public|sales|table|awsuser" in joe(r"\dt public.*")
    assert "awsuser|Superuser, Create DB||||" in joe(r"\du+")
    assert "|UNLIMITED|RESTRICTED|" in joe(r"\du+ joe")
    assert joe(r"\ddp") == ""
    assert "joe=r/awsuser" in joe(r"\dp public.sales")
    for command in (r"\l+", r"\dn+", r"\df+ public.*", r"\dm+", r"\drg",
                    r"\drds", r"\dconfig", r"\dTS", r"\d dusty", r"\dL+"):
        assert joe(command), command


def test_the_sandbox_knows_the_settings_of_its_table(table):
    folder = os.environ.get("REDSH_SHARE", "share")
    with open(f"{folder}/sandbox/settings.tsv", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines
                if not line.startswith("#")][1:]
    found = {row["Parameter"]: row["Value"] for row in table(r"\dconfig *")}
    for name, how, initial, *_ in rows:
        if how in ("keep", "read"):
            assert found.get(name) == initial, name
        elif how == "send":
            assert name in found
    assert set(found) <= {row[0] for row in rows}
    changed = table(r"\dconfig")
    assert [row["Parameter"] for row in changed] == ["application_name"]
