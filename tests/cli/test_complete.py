"""redsh --complete: what Tab offers, for editors, without a connection."""

import json
import os
import socket
import sqlite3
import subprocess

import pytest

REDSH = os.path.abspath(os.environ["REDSH"])
SECONDS = 60

ROWS = """
insert into databases (name, search_path, harvested_ms)
 values ('dev', 'public', 5);
insert into schemas (id, database, name, kind) values (1, 'dev', 'public', '');
insert into relations (id, schema_id, name, kind, comment) values
 (1, 1, 'sales', 0, 'tickets sold'), (2, 1, 'Two' || char(10) || 'lines', 0, '');
insert into columns (relation_id, position, name, type, marks, comment) values
 (1, 1, 'salesid', 'integer', 21, 'counted'),
 (1, 2, 'pricepaid', 'numeric(8,2)', 0, '');
"""


@pytest.fixture
def shell(tmp_path):
    def run(*args, **more):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            **{name: os.environ[name]
               for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "REDSH_SHARE")
               if name in os.environ},
            **more,
        }
        return subprocess.run([REDSH, *args], cwd=tmp_path, env=environment,
                              capture_output=True, text=True,
                              timeout=SECONDS, check=False)
    return run


@pytest.fixture
def cache(shell, tmp_path):
    path = tmp_path / "names.db"
    path.touch()
    assert shell("--complete", "", "--cache", str(path)).returncode == 0
    with sqlite3.connect(path) as lite:
        lite.executescript(ROWS)
    return str(path)


def test_candidates_come_a_line_each_the_nearest_first(shell, cache):
    told = shell("--complete", "select s. from sales s", "--cursor", "9",
                 "--cache", cache)
    assert told.returncode == 0
    assert told.stdout == "salesid\npricepaid\n"
    assert told.stderr == ""


def test_the_cursor_is_at_the_end_unless_it_is_told(shell, cache):
    told = shell("--complete", "select * from sal", "--cache", cache)
    assert told.stdout == "sales\n"


def test_json_tells_kind_place_and_detail(shell, cache):
    told = shell("--json", "--complete", "select é, sal from sales s",
                 "--cursor", "14", "--cache", cache)
    first = json.loads(told.stdout)[0]
    assert first == {
        "text": "salesid", "kind": "column", "start": 11, "end": 14,
        "detail": "integer  sales  primary key, dist key, not null  counted",
    }


def test_json_of_nothing_is_an_empty_array(shell, cache):
    told = shell("--json", "--complete", "select 'x", "--cache", cache)
    assert told.returncode == 0
    assert json.loads(told.stdout) == []


def test_a_line_end_in_a_name_takes_no_second_line(shell, cache):
    told = shell("--complete", "select * from two", "--cache", cache)
    assert told.stdout == '"Two\\nlines"\n'
    told = shell("--complete", "select * from two", "--cache", cache, "--json")
    assert json.loads(told.stdout)[0]["text"] == '"Two\nlines"'


def test_commands_complete_too(shell):
    told = shell("--complete", r"\copyfr")
    assert told.stdout == "\\copyfrom\n"
    kinds = json.loads(shell("--complete", r"\copyfr", "--json").stdout)
    assert kinds[0]["kind"] == "command"


def test_keywords_follow_the_case_that_is_asked_for(shell):
    assert shell("--complete", "select 1 fr").stdout == "from\n"
    assert shell("--complete", "SELECT 1 FR").stdout == "FROM\n"
    told = shell("-v", "COMP_KEYWORD_CASE=lower", "--complete", "SELECT 1 FR")
    assert told.stdout == "from\n"


def test_a_wrong_cursor_or_cache_is_said(shell):
    told = shell("--complete", "select", "--cursor", "7")
    assert told.returncode == 1
    assert "which has 6" in told.stderr
    told = shell("--complete", "select", "--cursor", "two")
    assert told.returncode == 1
    told = shell("--complete", "select", "--cache", "/nowhere/at/all")
    assert told.returncode == 1
    assert "/nowhere/at/all: no such file" in told.stderr
    assert told.stdout == ""


def test_nobody_is_asked(shell, cache):
    """Neither the server on the command line nor AWS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = str(listener.getsockname()[1])
        for text in ("select * from s", "copy sales from 's3://", r"\s3ls s3:",
                     r"\d s"):
            told = shell("-h", "127.0.0.1", "-p", port, "-U", "u", "-d", "dev",
                         "--cache", cache, "--complete", text,
                         AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
                         AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_REGION="us-east-1",
                         AWS_SECRET_ACCESS_KEY="nothing")
            assert told.returncode == 0, told.stderr
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_listing_is_enough(shell, tmp_path):
    """\\cache import, without a server, and any schema."""
    (tmp_path / "listing.csv").write_text(
        "schema,table,column,type\n"
        "shop,sales,salesid,integer\n"
        "shop,sales,eventid,integer\n"
        "shop,event,eventid,integer\n"
        '"Odd one","Order","Select",text\n')
    file = str(tmp_path / "listing.db")
    told = shell("-X", "--offline", "--cache", file,
                 "-c", r"\cache import listing.csv")
    assert told.returncode == 0, told.stderr

    def offers(text):
        told = shell("--cache", file, "--complete", text)
        assert told.returncode == 0, told.stderr
        return told.stdout.splitlines()

    assert offers("select * from ") == [
        "shop.event", '"Odd one"."Order"', "shop.sales", '"Odd one".', "shop."]
    assert offers("select * from sal") == ["shop.sales"]
    assert offers("select s. from sales s where s.") == ["salesid", "eventid"]
    assert offers("select * from shop.sales s join shop.event e on ")[0] == \
        "e.eventid = s.eventid"
    assert offers('select o. from "Odd one"."Order" o where o.') == \
        ['"Select"']
