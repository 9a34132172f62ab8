"""Each load error that the sandbox raises is explained with its file, line and
column; what it says to type is typed, and loads the file."""

import csv
import gzip
import hashlib
import json
import os
import pathlib
import re
import subprocess
import threading

import pytest

from redshift_loads import field, plain
from stage_sandbox import Person, Stage

CASES = pathlib.Path(__file__).resolve().parent.parent / "cases"


def cases():
    with open(CASES / "load-cures.tsv", encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t",
                               quoting=csv.QUOTE_NONE))


ROWS = cases()


@pytest.fixture(scope="module", name="stages")
def make_stages():
    running = {"provisioned": Stage(),
               "serverless": Stage("--kind", "serverless")}
    yield running
    for stage in running.values():
        stage.stop()


@pytest.fixture(scope="module", name="stage")
def make_stage(stages):
    return stages["provisioned"]


@pytest.fixture(name="me")
def make_me(stage, tmp_path):
    stage.sql("drop table if exists t")
    return Person(stage, tmp_path)


def redsh(me, script, fails=False):
    """What a script says; stops at the first error."""
    done = subprocess.run(
        [os.path.abspath(os.environ["REDSH"]), "-X", "-v", "ON_ERROR_STOP=1",
         "-v", "STAGING=s3://lake/stage/", "-f", "-"],
        input=script.encode(), cwd=me.home, env=me.env, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = done.stdout.decode("utf-8", "backslashreplace")
    assert "Sanitizer" not in said
    assert (done.returncode != 0) == fails, said
    return said


def typed(said):
    """The lines that are shown to be typed."""
    return said.split("  cure    ")[1].split("\n\n")[1]


def names(columns):
    bare = re.sub(r"\([^)]*\)", "", columns)
    return ", ".join(part.split()[0] for part in bare.split(","))


def rows(stage, select):
    return " / ".join("|".join(field(cell) for cell in row)
                      for row in stage.sql(select)).replace("\n", r"\n")


def make_table(stage, columns):
    stage.sql("drop table if exists t")
    stage.sql(f"create table t ({columns})")


# --- each code ---

def fail_and_cure(me, row, uri, options, file):
    """Fails as the row says, types what is shown, compares the table."""
    make_table(me.stage, row["columns"])
    said = redsh(me, f"copy t from '{uri}' iam_role default {options};\n",
                 fails=True)
    assert f"{file}, line {row['line']}\n" in said
    assert re.search(rf"^>\s+{row['line']} \| ", said, re.M), said
    assert f" ({row['code']})\n" in said
    column = re.search(r"^  column  (\S+)", said, re.M)
    assert (column.group(1) if column else "") == row["column"]
    redsh(me, typed(said))
    assert rows(me.stage, f"select {names(row['columns'])} from t"
                " order by 1") == row["loaded"]
    return said


@pytest.mark.parametrize("row", ROWS,
                         ids=lambda row: f"{row['code']}-{row['name']}")
def test_the_cure_loads_the_file(me, row):
    me.stage.s3("PUT", "/lake/f", plain(row["body"]))
    said = fail_and_cure(me, row, "s3://lake/f", row["options"],
                         "s3://lake/f")
    assert typed(said).replace("\n", " ") == row["typed"]


def one_of_each_code():
    """And those for whom it matters that the view has no value."""
    found = {row["code"]: row for row in reversed(ROWS)}
    return list(found.values()) + [
        row for row in ROWS if row["name"] in (
            "null-as-not-null", "null-word", "dollars", "us-dates",
            "longest-of-column", "header", "semicolons")]


@pytest.mark.parametrize("row", one_of_each_code(),
                         ids=lambda row: f"{row['code']}-{row['name']}")
def test_on_serverless_by_manifest_and_packed(stages, tmp_path, row):
    """Where the view has neither line nor value."""
    me = Person(stages["serverless"], tmp_path)
    me.stage.s3("PUT", "/lake/packed/f.gz", gzip.compress(plain(row["body"])))
    me.stage.s3("PUT", "/lake/m", json.dumps({"entries": [
        {"url": "s3://lake/packed/f.gz", "mandatory": True}]}).encode())
    fail_and_cure(me, row, "s3://lake/m", row["options"] + " manifest gzip",
                  "s3://lake/packed/f.gz")


def test_every_code_has_a_cure():
    """1200 has no cause; 1212 is a test of its own."""
    assert {int(row["code"]) for row in ROWS} == \
        set(range(1201, 1225)) - {1212}


@pytest.mark.parametrize("name, pack", [("bz2", "bzip2"), ("zst", "zstd")])
def test_other_packers(me, name, pack):
    packed = subprocess.run([pack, "-c"], input=b"1|x\n2|soon\n", check=True,
                            stdout=subprocess.PIPE).stdout
    me.stage.s3("PUT", "/lake/other/f." + name, packed)
    make_table(me.stage, "a int, b date")
    said = redsh(me, f"copy t from 's3://lake/other/f.{name}' iam_role default"
                 f" {pack} maxerror 2;\n", fails=True)
    assert ">        1 | 1|x\n" in said
    assert "acceptanydate: 2 values of 2 become NULL: 'x', 'soon'\n" in said
    redsh(me, typed(said))
    assert rows(me.stage, "select * from t order by 1") == "1|~ / 2|~"


def wait_for_lock(stage):
    while not stage.sql("select 1 from pg_locks where not granted"):
        pass


def test_1212_a_file_that_vanished(me):
    """The COPY waits for a lock when its files are listed already."""
    make_table(me.stage, "a int, b varchar(9)")
    me.stage.s3("PUT", "/lake/v/1", b"1|x\n" * 1000)
    me.stage.s3("PUT", "/lake/v/2", b"2|y\n")
    me.stage.sql("begin")
    me.stage.sql("lock t")
    said = []
    copy = threading.Thread(target=lambda: said.append(redsh(
        me, "copy t from 's3://lake/v/' iam_role default;\n", fails=True)))
    copy.start()
    watcher = me.stage.sandbox.connect()
    with watcher.cursor() as cursor:
        while True:
            cursor.execute("select 1 from pg_locks where not granted")
            if cursor.fetchall():
                break
    watcher.close()
    me.stage.s3("DELETE", "/lake/v/2")
    me.stage.sql("rollback")
    copy.join()
    assert "s3://lake/v/2\n" in said[0]
    assert "Load file was not found (1212)\n" in said[0]
    assert "was deleted between COPY's listing and its reading" in said[0]
    redsh(me, typed(said[0]))
    assert rows(me.stage, "select count(*) from t") == "1000"


# --- blocks, MAXERROR, \copyfrom ---

def test_in_an_aborted_block_rollback_comes_first(me):
    me.stage.s3("PUT", "/lake/f", b"1|abcd\n2|x\n")
    make_table(me.stage, "a int, b varchar(3)")
    said = redsh(me, "begin;\nselect 1;\n"
                 "copy t from 's3://lake/f' iam_role default;\n", fails=True)
    assert "s3://lake/f, line 1\n" in said
    assert "the block is aborted: rollback ends it, and the rest must not" \
        " run in one\n" in said
    assert typed(said) == ("rollback;\n"
                           "alter table t alter column b type varchar(4);\n"
                           "copy t from 's3://lake/f' iam_role default;")
    redsh(me, "begin;\n" + typed(said))
    assert rows(me.stage, "select * from t order by 1") == "1|abcd / 2|x"


def test_what_maxerror_let_pass_is_explained(me):
    me.stage.s3("PUT", "/lake/f", b"1|x\n2y|x\n3|x\n4|abcd\n5y|x\n")
    make_table(me.stage, "a int, b varchar(3)")
    said = redsh(me, "copy t from 's3://lake/f' iam_role default maxerror 5;")
    assert "s3://lake/f, line 2\n" in said
    assert "s3://lake/f, line 4\n" in said
    assert "line 5\n" not in said
    assert "3 lines failed; \\loaderrors #" in said
    # the COPY is not proposed again: what is loaded would be there twice
    assert "maxerror 4" not in said and "\ncopy t" not in said
    # in a block nothing is asked
    said = redsh(me, "begin; copy t from 's3://lake/f' iam_role default"
                 " maxerror 5; rollback;")
    assert "line 2\n" not in said


def test_copyfrom_is_shown_its_own_line(me):
    me.stage.s3("PUT", "/lake/f", b"1,31.1.2024 1:00\n2,1.2.2024 0:30\n")
    make_table(me.stage, "a int, b timestamp")
    me.stage.sql("insert into t values (0, '2020-01-01')")
    said = redsh(me, r"\copyfrom --replace t (a, b) from s3://lake/f csv"
                 " timeformat 'MM/DD/YYYY'\n", fails=True)
    assert typed(said) == r"\copyfrom --replace t (a, b) s3://lake/f csv" \
        " timeformat 'DD.MM.YYYY HH:MI'"
    redsh(me, typed(said))
    assert rows(me.stage, "select * from t order by 1") == \
        "1|2024-01-31 01:00:00 / 2|2024-02-01 00:30:00"


def test_copyfrom_by_way_of_a_table_replaces_too(me):
    me.stage.s3("PUT", "/lake/f", b"1,$5\n2,$6.50\n")
    make_table(me.stage, "a int, b decimal(9,2)")
    me.stage.sql("insert into t values (0, 1)")
    said = redsh(me, "\\copyfrom --replace t s3://lake/f csv\n", fails=True)
    assert r"\copyfrom t_load s3://lake/f csv" in typed(said)
    redsh(me, typed(said))
    assert rows(me.stage, "select * from t order by 1") == "1|5.00 / 2|6.50"


def test_a_table_made_of_a_sample_is_made_anew_of_all_lines(me):
    """--create looks at the first 256 KiB; further on the values grow."""
    lines = [f"{i},abc{i}\n" for i in range(30000)]
    lines += ["9000000000,x\n", f"30001,{'long ' * 30}\n"]
    me.stage.s3("PUT", "/lake/f", ("a,b\n" + "".join(lines)).encode())
    said = redsh(me, "\\copyfrom --create t s3://lake/f\n", fails=True)
    assert "s3://lake/f, line 30002\n" in said
    assert typed(said) == ("create table t (\n    a BIGINT,\n"
                           "    b VARCHAR(512)\n);\n"
                           r"\copyfrom t s3://lake/f")
    redsh(me, typed(said))
    assert rows(me.stage, "select count(*), max(a), max(len(b)) from t") == \
        "30002|9000000000|150"


def test_each_line_of_a_local_file_has_a_say_in_the_types(me, tmp_path):
    """Of an object --create looks at the start only; see above."""
    lines = [f"{i},abc{i}\n" for i in range(30000)]
    lines += ["9000000000,x\n", "30001,y\n", f"x9,{'long ' * 30}\n"]
    (tmp_path / "f.csv").write_text("a,b\n" + "".join(lines))
    redsh(me, f"\\copyfrom --create --stage s3://lake/st/ t "
              f"{tmp_path}/f.csv\n")
    assert rows(me.stage, "select count(*), max(a), max(len(b)) from t") == \
        "30003|x9|150"


def test_jsonpaths_name_fields_that_are_not_looked_at(me):
    me.stage.s3("PUT", "/lake/f", b'{"x":{"n":"7"}}\n{"x":{"n":"seven"}}\n')
    me.stage.s3("PUT", "/lake/paths", b'{"jsonpaths":["$.x.n"]}')
    make_table(me.stage, "a int not null")
    said = redsh(me, "copy t from 's3://lake/f' iam_role default"
                 " json 's3://lake/paths';\n", fails=True)
    assert '>        2 | {"x":{"n":"seven"}}\n' in said
    assert "maxerror 2: line 2 is left out, of 2 in this file" in said
    redsh(me, typed(said))
    assert rows(me.stage, "select * from t") == "7"


def test_a_local_file_is_named_with_its_own_line(me):
    lines = [f"{i},x\n" for i in range(5000)]
    lines[4321] = "4321,longer than that\n"
    path = me.home / "own.csv"
    path.write_text("a,b\n" + "".join(lines))
    make_table(me.stage, "a int, b varchar(9)")
    said = redsh(me, "\\copyfrom t own.csv csv ignoreheader 1\n", fails=True)
    assert f"{path}, line 4323\n" in said
    assert ">     4323 | 4321,longer than that\n" in said
    assert "      4322 | 4320,x\n" in said
    assert typed(said) == (
        "alter table t alter column b type varchar(16);\n"
        r"\copyfrom t own.csv csv ignoreheader 1")
    redsh(me, typed(said))
    assert rows(me.stage, "select count(*), max(len(b)) from t") == "5000|16"


def test_a_piece_is_not_counted_as_the_whole_file(me):
    lines = [f"{i},{hashlib.sha256(str(i).encode()).hexdigest()}\n"
             for i in range(80000)]
    lines[70000] = "soon,x\n"
    path = me.home / "cut.csv"
    path.write_text("a,b\n" + "".join(lines))
    make_table(me.stage, "a int, b varchar(64)")
    said = redsh(me, "\\copyfrom t cut.csv csv ignoreheader 1\n", fails=True)
    assert f"{path}, line 70002\n" in said
    assert re.search("line 70002 is left out, of [0-9,]+ looked at in this"
                     " file", said)
    # the pieces are gone: the COPY of them is nothing to type
    said = redsh(me, "\\loaderrors --explain t\n")
    assert f"-- then \\copyfrom again, of {path}, with: maxerror 2" in said
    assert "files.manifest" not in said


# --- what must not be shown ---

def test_keys_are_not_shown(me):
    me.stage.s3("PUT", "/lake/f", b"1|soon\n2|2024-01-01\n")
    make_table(me.stage, "a int, b date")
    key = me.env["AWS_ACCESS_KEY_ID"]
    secret = me.env["AWS_SECRET_ACCESS_KEY"]
    for login in (f"access_key_id '{key}' secret_access_key '{secret}'",
                  f"credentials 'aws_access_key_id={key};"
                  f"aws_secret_access_key={secret}'"):
        said = redsh(me, f"copy t from 's3://lake/f' {login};\n", fails=True)
        assert "with: acceptanydate\n" in said
        assert key not in said and secret not in said
        said = redsh(me, "\\loaderrors --explain\n")
        assert key not in said and secret not in said


HOSTILE = [
    (b"\x1b]0;owned\x07\x1b[2J", r"\x1b]0;owned\x07\x1b[2J"),
    (b"a\x00b", r"a\x00b"),
    (b"\xc2\x9b31m", r"\xc2\x9b31m"),
    ("\u202edcba".encode(), r"\xe2\x80\xaedcba"),
    (b"x" * 1000000, "x" * 60),
    (b"\x1b" * 1000000, r"\x1b" * 15),
]


@pytest.mark.parametrize("value, shown", HOSTILE,
                         ids=range(len(HOSTILE)))
def test_hostile_lines_are_shown_safely(me, value, shown):
    me.stage.s3("PUT", "/lake/f", b"1|7\n" + value + b"|5\n3|8\n")
    make_table(me.stage, "a int, b int")
    said = redsh(me, "copy t from 's3://lake/f' iam_role default;\n",
                 fails=True)
    assert "\x1b" not in said and "\0" not in said and "\u202e" not in said
    assert "\x9b" not in said
    assert shown in said
    assert max(map(len, said.splitlines())) < 400
    redsh(me, typed(said))
    assert rows(me.stage, "select * from t order by 1") == "1|7 / 3|8"


def test_a_hostile_name_of_a_column_is_quoted(me):
    me.stage.s3("PUT", "/lake/f", b"1|abcd\n")
    me.stage.sql('drop table if exists t')
    me.stage.sql('create table t (a int, "b; drop table t" varchar(3))')
    said = redsh(me, "copy t from 's3://lake/f' iam_role default;\n",
                 fails=True)
    redsh(me, typed(said))
    assert rows(me.stage, "select * from t") == "1|abcd"


# --- \loaderrors ---

@pytest.fixture(name="three")
def make_three(me):
    """Three loads of two tables that failed; the newest of s.u."""
    me.stage.sql("drop schema if exists s cascade")
    me.stage.sql("create schema s")
    me.stage.sql("create table s.u (a int, b int)")
    make_table(me.stage, "a int, b date")
    for key, body in (("one", b"1|soon\n"), ("two", b"1|never\n"),
                      ("three", b"1|5\n2|x\n")):
        me.stage.s3("PUT", "/lake/" + key, body)
    for table, key in (("t", "one"), ("t", "two"), ("s.u", "three")):
        redsh(me, f"copy {table} from 's3://lake/{key}' iam_role default;\n",
              fails=True)
    return me


def test_errors_are_rows_by_number_table_and_query(three):
    def files(arguments):
        said = redsh(three, "\\pset format unaligned\n\\pset tuples_only on\n"
                     f"\\loaderrors {arguments}\n")
        return [line.split("|")[2].removeprefix("s3://lake/")
                for line in said.splitlines() if "|" in line]

    assert files("2") == ["three", "two"]
    assert files("t")[:2] == ["two", "one"]
    assert files("s.u") == ["three"]
    assert files('"s"."u" --rows') == ["three"]
    assert files("--rows")[:3] == ["three", "two", "one"]
    (query,) = three.stage.sql("select max(query) from stl_load_errors"
                               " where filename = 's3://lake/two'")[0]
    assert files(f"#{query}") == ["two"]
    if query > 1000:
        assert files(f"{query}") == ["two"]
    said = redsh(three, "\\loaderrors nowhere\n", fails=True)
    assert "there is no table nowhere" in said
    assert "a count is from 1 to 1000" in redsh(three, "\\loaderrors 0\n",
                                                fails=True)
    redsh(three, "set search_path to s;\n\\loaderrors u\n")
    redsh(three, "set search_path to s;\n\\loaderrors t\n", fails=True)


def test_one_load_is_explained_as_after_it_failed(three):
    failed = redsh(three, "copy t from 's3://lake/two' iam_role default;\n",
                   fails=True)
    said = redsh(three, "\\loaderrors --explain t\n")
    assert said.startswith("query ")
    assert said.partition("\n")[2].strip() == \
        failed[failed.index("s3://lake/two, line"):].strip()
    said = redsh(three, "\\loaderrors --explain s.u\n")
    assert "s3://lake/three, line 2\n" in said
    assert "copy s.u from 's3://lake/three' iam_role default maxerror 2;" \
        in said


def test_inside_a_block_another_connection_asks(three):
    """Where STL_LOAD_ERRORS cannot be read the question is an error."""
    said = redsh(three, "begin;\n\\loaderrors --explain t\n"
                 "select 40 + 2 as answer;\nrollback;\n")
    assert "s3://lake/two, line 1\n" in said and "42" in said
    said = redsh(three, "\\set ON_ERROR_STOP off\nbegin;\nselect 1/0;\n"
                 "\\loaderrors 1\nrollback;\n")
    assert "s3://lake/three" in said and "25P02" not in said


def test_a_load_that_succeeded_is_not_proposed_again(me):
    me.stage.s3("PUT", "/lake/f", b"1|31.1.2024\n2|2024-01-01\n")
    make_table(me.stage, "a int, b date")
    redsh(me, "copy t from 's3://lake/f' iam_role default maxerror 9;\n")
    said = redsh(me, "\\loaderrors --explain t\n")
    assert "s3://lake/f, line 1\n" in said
    assert "would be there twice" in said
    assert "\ncopy t" not in said


def test_formats_of_rows(three):
    said = redsh(three, "\\pset format csv\n\\loaderrors s.u\n")
    (row,) = csv.DictReader(said.splitlines()[1:] if said.startswith("Output")
                            else said.splitlines())
    assert row["file"] == "s3://lake/three"
    assert (row["line"], row["column"], row["value"], row["code"]) == \
        ("2", "b", "x", "1207")
