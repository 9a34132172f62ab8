"""Local files go by way of S3 into a table, and nothing stays there."""

import bz2
import csv
import gzip
import json
import os
import random
import re
import subprocess

import pytest

from stage_sandbox import Person, Stage


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(stage, tmp_path):
    stage.fault("clear")
    yield Person(stage, tmp_path)
    stage.fault("clear")
    for key in stage.keys():
        stage.s3("DELETE", "/lake/" + key)


# --- \staged ---

def leave_note(me, name="20260101-000000-0badcafe", **more):
    folder = me.home / ".local/state/redsh/staged"
    folder.mkdir(parents=True, exist_ok=True)
    note = {"id": name, "folder": f"s3://lake/stage/redsh-stage/{name}/",
            "endpoint": me.env["AWS_ENDPOINT_URL"], "table": "sales",
            "what": "a.csv", "at_ms": 1767225600000} | more
    (folder / name).write_text(json.dumps(note) + "\n")
    return f"stage/redsh-stage/{name}/"


def test_what_was_left_is_listed_and_taken_away(stage, me):
    prefix = leave_note(me)
    other = leave_note(me, "20260102-000000-0badcafe")
    for key in (prefix + "1.gz", prefix + "2.gz", other + "1.gz", "data.csv"):
        stage.s3("PUT", "/lake/" + key, b"x")
    stage.s3("POST", f"/lake/{prefix}big?uploads")
    said = me.run(r"\staged")
    assert "20260101-000000-0badcafe" in said and "sales" in said
    assert "left behind" in said
    assert "removed" in me.run(r"\staged --remove 20260101-000000-0badcafe")
    assert stage.keys() == ["data.csv", other + "1.gz"]
    assert stage.uploads() == 0
    assert len(me.notes()) == 1
    me.run(r"\staged --remove")
    assert stage.keys() == ["data.csv"]
    assert not me.notes()
    assert "nothing was left" in me.run(r"\staged --remove")


def test_a_note_stays_while_its_objects_do(stage, me):
    prefix = leave_note(me)
    stage.s3("PUT", f"/lake/{prefix}1.gz", b"x")
    stage.fault("add", "--op", "DeleteObjects", "--count", "all",
                "status=403")
    said = me.run(r"\staged --remove", fails=True)
    assert "is not removed" in said and "s3:DeleteObject" in said
    assert len(me.notes()) == 1
    stage.fault("clear")
    me.run(r"\staged --remove")
    assert not stage.keys()


def test_uploads_that_one_may_not_list_are_left(stage, me):
    prefix = leave_note(me)
    stage.s3("PUT", f"/lake/{prefix}1.gz", b"x")
    stage.fault("add", "--op", "ListMultipartUploads", "--count", "all",
                "status=403")
    me.run(r"\staged --remove")
    assert not stage.keys() and not me.notes()


def test_notes_of_another_s3_are_kept(stage, me):
    leave_note(me, endpoint="")
    said = me.run(r"\staged --remove", fails=True)
    assert "endpoint of AWS" in said
    assert len(me.notes()) == 1


def test_ids_are_no_paths(me):
    assert "no id" in me.run(r"\staged --remove ../../history", fails=True)
    assert "no note" in me.run(r"\staged --remove 2026", fails=True)
    assert "--remove" in me.run(r"\staged 2026", fails=True)


def test_a_staging_place_is_a_place_in_s3(me):
    said = me.run(r"\set STAGING lake/stage", fails=True)
    assert "STAGING" in said and "s3://" in said
    me.run(r"\set STAGING s3://lake/stage", r"\unset STAGING")


# --- loads ---

def loaded(stage, columns="*", table="t"):
    return sorted(stage.sql(f"select {columns} from {table}"), key=repr)


def fresh(stage, columns):
    stage.sql("drop table if exists t")
    stage.sql(f"create table t ({columns})")


def load(me, line, *more, **options):
    """Loads, and nothing is left."""
    said = me.run(rf"\copyfrom {line}", *more, **options)
    assert not me.notes()
    assert not me.stage.keys("stage/")
    return said


NOTES = ["plain", "with, comma", 'a "quote"', "two\nlines", "\n", "",
         'ends in "', '"', "ä ö ü €", "x" * 300, "\r\n", "last"]


def orders(count, seed=1):
    draw = random.Random(seed)
    return [(number, draw.choice(NOTES), f"{draw.random():.15f}")
            for number in range(count)]


def write_csv(path, rows, header=("id", "note", "salt"), **dialect):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, **dialect)
        if header:
            writer.writerow(header)
        writer.writerows(rows)


def test_a_file_arrives_row_by_row(stage, me):
    """In several pieces: what is in quotes goes over many lines."""
    rows = orders(120_000)
    write_csv(me.home / "orders.csv", rows)
    stage.sql("drop table if exists orders")
    said = load(me, "--create orders orders.csv")
    assert "120,000 rows from 1 file" in said
    pieces = int(re.search(r"staged (\d+) objects", said).group(1))
    assert pieces >= 2 and pieces % 2 == 0      # the sandbox has two slices
    wanted = {number: (note, float(salt))
              for number, note, salt in rows}
    assert {number: (note, salt) for number, note, salt
            in stage.sql("select id, note, salt from orders")} == wanted


def test_rows_come_to_those_that_are_there(stage, me):
    (me.home / "twice.csv").write_text("id,n\n1,x\n2,y\n")
    stage.sql("drop table if exists twice")
    told = "twice is there already: the rows are added to it"
    assert told not in load(me, "--create twice twice.csv")
    assert told in load(me, "--create twice twice.csv")
    assert told not in load(me, "--create --replace twice twice.csv")
    assert loaded(stage, table="twice") == [(1, "x"), (2, "y")]


FILES = [
    ("CR LF", "a int, b varchar(20)", b"1,x\r\n2,\"y\r\nz\"\r\n3,\r\n", "csv",
     [(1, "x"), (2, "y\r\nz"), (3, "")]),
    ("no end of the last line", "a int, b varchar(20)", b"1,x\n2,y", "csv",
     [(1, "x"), (2, "y")]),
    ("bars", "a int, b varchar(20)", b"1|x\n2|y\n", "delimiter '|'",
     [(1, "x"), (2, "y")]),
    ("escape", "a int, b varchar(20)", b"1|x\\\ny\n2|\\|\n",
     "delimiter '|' escape", [(1, "x\ny"), (2, "|")]),
    ("zstd", "a int, b varchar(20)", b"1,x\n2,y\n", "csv zstd",
     [(1, "x"), (2, "y")]),
    ("bzip2", "a int, b varchar(20)", b"1,x\n2,y\n", "csv bzip2",
     [(1, "x"), (2, "y")]),
    ("a header", "a int, b varchar(20)", b"a,\"b\n1,x\n2,y\n",
     "csv delimiter ',' ignoreheader 1", [(1, "x"), (2, "y")]),
    ("JSON lines", "a int, b varchar(20)",
     b'{"a":1,"b":"x"}\n{"a":2,\n "b":"}"}\n', "json 'auto'",
     [(1, "x"), (2, "}")]),
    ("fixed width", "a int, b varchar(20)", b"1xy\n2zz\n",
     "fixedwidth 'a:1,b:2'", [(1, "xy"), (2, "zz")]),
    ("Latin-1", "a int, b varchar(20)", "1,Zoë\n2,Ñ\n".encode("latin-1"),
     "csv encoding iso88591", [(1, "Zoë"), (2, "Ñ")]),
    ("UTF-16 with a mark", "a int, b varchar(20)",
     "id,n\n1,Zoë\n2,€\n".encode("utf-16"), "", [(1, "Zoë"), (2, "€")]),
    ("UTF-8 with a mark", "a int, b varchar(20)",
     b"\xef\xbb\xbf1,x\n2,y\n", "csv", [(1, "x"), (2, "y")]),
    ("compressed already", "a int, b varchar(20)",
     gzip.compress(b"id,n\n1,x\n2,y\n"), "", [(1, "x"), (2, "y")]),
    ("a header alone", "a int, b varchar(20)", b"id,n\n",
     "csv ignoreheader 1", []),
    ("65,535 bytes", "a int, b varchar(65535)",
     b"1,\"" + b"\n" * 65535 + b"\"\n2,y\n", "csv",
     [(1, "\n" * 65535), (2, "y")]),
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file[0])
def test_what_is_in_a_file_is_in_the_table(stage, me, file):
    _, columns, body, parameters, rows = file
    (me.home / "data file.txt").write_bytes(body)
    fresh(stage, columns)
    load(me, f"t 'data file.txt' {parameters}")
    assert loaded(stage) == sorted(rows, key=repr)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file[0])
def test_and_so_it_is_through_a_pipe(stage, me, file):
    _, columns, body, parameters, rows = file
    fresh(stage, columns)
    load(me, f"t - {parameters}", data=body)
    assert loaded(stage) == sorted(rows, key=repr)


def test_globs_and_folders_are_all_their_files(stage, me):
    wanted = []
    for number in range(5):
        folder = me.home / "in" / f"d{number % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        rows = orders(10, number)
        write_csv(folder / f"{number}.csv", rows)
        wanted += rows
    (me.home / "in" / "d0" / ".hidden").write_text("no")
    (me.home / "in" / "d0" / "empty.csv").write_text("")
    (me.home / "in" / "d1" / "packed.csv.gz").write_bytes(
        gzip.compress(b"id,note,salt\n77,packed,1\n"))
    wanted.append((77, "packed", "1"))
    for place, count in (("in", 7), ("in/*/*.csv*", 7),
                         ("in/d0/*.csv 'in/d1'", 7)):
        fresh(stage, "id int, note varchar(400), salt varchar(20)")
        said = load(me, f"t {place} csv ignoreheader 1")
        assert f"{len(wanted)} rows from {count} files" in said
        assert loaded(stage) == sorted(wanted, key=repr)


def test_print_says_where_and_sends_nothing(stage, me):
    (me.home / "a.csv").write_text("1,x\n")
    said = me.run(r"\copyfrom --print t a.csv csv")
    assert "from 's3://lake/stage/redsh-stage/ID/files.manifest'" in said
    assert "csv gzip manifest" in said or "manifest gzip csv" in said \
        or ("manifest" in said and "gzip" in said)
    assert not me.notes() and not stage.keys()
    said = me.run(r"\copyfrom --print --stage s3://lake/x t a.csv csv",
                  staging=None)
    assert "'s3://lake/x/redsh-stage/ID/" in said


def test_without_a_place_the_three_ways_are_named(me):
    (me.home / "a.csv").write_text("1,x\n")
    said = me.run(r"\copyfrom t a.csv", fails=True, staging=None)
    for way in ("--stage s3://", r"\set STAGING", "connections.conf"):
        assert way in said
    # A file that is not there comes first: no place would help.
    said = me.run(r"\copyfrom t nosuch.csv", fails=True, staging=None)
    assert "No such file" in said and "STAGING" not in said


def test_a_saved_connection_has_its_own_place(stage, me):
    folder = me.home / ".config/redsh"
    folder.mkdir(parents=True)
    (folder / "connections.conf").write_text(
        f"[here]\nhost = {me.env['PGHOST']}\nstaging = s3://lake/mine/\n")
    (me.home / "a.csv").write_text("1,x\n")
    said = me.run(r"\c @here", r"\copyfrom --print t a.csv csv")
    assert "s3://lake/mine/redsh-stage/" in said
    # alone, it needs no connection and knows the place all the same
    me.env["PGHOST"] = "host.invalid"
    said = me.run(r"\copyfrom --print t a.csv csv", "@here", staging=None)
    assert "s3://lake/mine/redsh-stage/" in said


def test_the_sandbox_is_joined_for_commands_that_need_no_server(stage, me):
    stage.s3("PUT", "/lake/data.csv", b"1,x\n")
    for name in [name for name in me.env if name.startswith(("AWS_", "PG"))]:
        del me.env[name]
    folder = "--sandbox=" + str(stage.sandbox.dir)
    assert "data.csv" in me.run(r"\s3ls s3://lake/", folder)


REFUSED = [
    ("t nosuch.csv", "No such file"),
    ("t empty.csv", "nothing is in it"),
    ("t odd.csv csv delimiter ','", "line 2, byte 4: the record that begins here has a "
                      "quote that nothing closes"),
    ("t mixed/* csv", "compressed by"),
    ("t a.csv csv lzop", "lzop"),
    ("t a.csv csv manifest", "MANIFEST does not go with local files"),
    ("t fifo csv", "a pipe"),
    ("--stage lake t a.csv", "the staging place lake"),
    ("t a.csv s3://lake/b.csv", "do not go together"),
]


@pytest.mark.parametrize("line, why", REFUSED)
def test_what_cannot_be_sent_is_refused(stage, me, line, why):
    (me.home / "a.csv").write_text("1,x\n")
    (me.home / "empty.csv").write_text("")
    (me.home / "odd.csv").write_text('1,x\n2,"y\n' + "3,z\n" * 100)
    (me.home / "mixed").mkdir()
    (me.home / "mixed" / "a.gz").write_bytes(gzip.compress(b"1,x\n"))
    (me.home / "mixed" / "b.bz2").write_bytes(bz2.compress(b"1,x\n"))
    os.mkfifo(me.home / "fifo")
    fresh(stage, "a int, b varchar(20)")
    assert why in load(me, line, fails=True)
    assert loaded(stage) == []


def test_the_terminal_and_scripts_are_no_data(stage, me):
    fresh(stage, "a int, b varchar(20)")
    with me.start(stdin=subprocess.PIPE) as process:
        out, said = process.communicate(b"\\copyfrom t - csv\n1,x\n")
    assert b"standard input holds the commands" in said
    master, slave = os.openpty()
    said = me.run(r"\copyfrom t - csv", fails=True, stdin=slave)
    os.close(master)
    os.close(slave)
    assert "standard input is the terminal" in said


def test_an_error_leaves_nothing_and_is_explained(stage, me):
    rows = [f"{number},{number}" for number in range(1000)]
    rows[700] = "700,seven"
    (me.home / "a.csv").write_text("\n".join(rows) + "\n")
    fresh(stage, "a int, b int")
    said = load(me, "t a.csv csv", fails=True)
    assert "seven" in said
    assert loaded(stage) == []


def test_bad_lines_may_pass(stage, me):
    (me.home / "a.csv").write_text('1,1\n2,two\n3,3\n4,"4\n')
    fresh(stage, "a int, b int")
    load(me, "--max-errors 5 t a.csv csv")
    assert loaded(stage) == [(1, 1), (3, 3)]


def test_the_person_s_own_line_is_named(stage, me):
    """The error is in a piece; people know their files."""
    draw = random.Random(3)
    for name in ("one.csv", "two.csv"):
        with open(me.home / name, "w", encoding="utf-8") as file:
            file.write("a,b\n")
            for number in range(30_000):
                file.write(f"{number},{draw.randbytes(40).hex()}\n")
    lines = (me.home / "two.csv").read_text().splitlines()
    lines[20_000] = "twenty," + lines[20_000].split(",")[1]
    (me.home / "two.csv").write_text("\n".join(lines) + "\n")
    fresh(stage, "a int, b varchar(100)")
    said = load(me, "t one.csv two.csv csv ignoreheader 1", fails=True)
    assert f"{me.home}/two.csv, line 20001" in said


# --- \copy, as psql has it ---

COPIES = [
    ("t from 'a.csv' csv", "1,x\n2,\n3,\"a\nb\"\n",
     [(1, "x"), (2, None), (3, "a\nb")]),
    ("t from 'a.csv' with (format csv, header, delimiter ';')",
     "a;b\n1;x\n", [(1, "x")]),
    ("t from 'a.csv' csv header quote as '''' delimiter as '|'",
     "a|b\n1|'x|y'\n", [(1, "x|y")]),
    ("t from 'a.csv' with (format csv, null 'NA')", "1,NA\n2,\n",
     [(1, None), (2, "")]),
    ("t from 'a.csv'", "1\tx\n2\t\\N\n3\t\n",
     [(1, "x"), (2, None), (3, "")]),
    ("t from 'a.csv' delimiter ',' null 'NA'", "1,x\n2,NA\n",
     [(1, "x"), (2, None)]),
    ("t (b, a) from 'a.csv' csv", "x,1\n", [(1, "x")]),
    ("t from program 'cat a.csv; echo 7,z' csv", "1,x\n",
     [(1, "x"), (7, "z")]),
    ("t from pstdin csv", "1,x\n", [(1, "x")]),
    ("t from 'a.csv' csv maxerror 5", "1,x\nbad,y\n", [(1, "x")]),
]


@pytest.mark.parametrize("line, body, rows", COPIES)
def test_copy_goes_the_same_way(stage, me, line, body, rows):
    (me.home / "a.csv").write_text(body)
    fresh(stage, "a int, b varchar(20)")
    me.run(rf"\copy {line}", data=body.encode())
    assert loaded(stage) == sorted(rows, key=repr)
    assert not me.notes() and not stage.keys("stage/")


def test_copy_takes_the_lines_of_a_script(stage, me):
    fresh(stage, "a int, b varchar(20)")
    (me.home / "script.sql").write_text(
        "\\copy t from stdin csv\n1,x\n2,\"y\nz\"\n\\.\n"
        "select 'rows', count(*) from t;\n")
    said = me.run(r"\i script.sql")
    assert "rows" in said
    assert loaded(stage) == [(1, "x"), (2, "y\nz")]
    said = me.run(data=(me.home / "script.sql").read_bytes())
    assert len(loaded(stage)) == 4


def test_what_a_failed_program_wrote_is_not_loaded(stage, me):
    fresh(stage, "a int, b varchar(20)")
    said = me.run(r"\copy t from program 'echo 1,x; exit 3' csv", fails=True)
    assert "exited with code 3; nothing is loaded" in said
    assert loaded(stage) == []
    assert not me.notes() and not stage.keys("stage/")


def test_what_was_refused_leaves_no_note(stage, me):
    (me.home / "a.csv").write_text("1,x\n")
    fresh(stage, "a int, b varchar(20)")
    said = me.run(r"\copyfrom --stage s3://no-such-bucket/x t a.csv csv",
                  fails=True)
    assert "there is no such bucket" in said and "not removed" not in said
    assert not me.notes()
    # one that is left from a bucket that has gone since goes, too
    leave_note(me, folder="s3://no-such-bucket/x/redsh-stage/0/")
    assert "removed" in me.run(r"\staged --remove")
    assert not me.notes()
    # who may do nothing there is told once, and has nothing to take away
    stage.fault("add", "--op", "PutObject", "--count", "all", "status=403")
    stage.fault("add", "--op", "ListObjectsV2", "--count", "all",
                "status=403")
    said = me.run(r"\copyfrom t a.csv csv", fails=True)
    assert "s3:PutObject" in said and "not removed" not in said
    assert not me.notes()


def test_without_a_place_for_notes_nothing_is_sent(stage, me):
    (me.home / "a.csv").write_text("1,x\n")
    (me.home / "file").write_text("")
    fresh(stage, "a int, b varchar(20)")
    me.env["XDG_STATE_HOME"] = str(me.home / "file")
    said = me.run(r"\copyfrom t a.csv csv", fails=True)
    assert "nothing is sent to S3 without a note" in said
    assert loaded(stage) == [] and not stage.keys("stage/")


def test_an_empty_file_before_others_takes_no_rows(stage, me):
    (me.home / "in").mkdir()
    (me.home / "in" / "a.csv").write_text("")
    (me.home / "in" / "b.csv").write_text("a,b\n1,x\n2,y\n")
    fresh(stage, "a int, b varchar(20)")
    load(me, "t in csv ignoreheader 1")
    assert loaded(stage) == [(1, "x"), (2, "y")]


def test_packed_rows_of_a_pipe_are_unpacked_unseen(stage, me):
    body = gzip.compress(b"1,x\n2,y\n")
    (me.home / "a.gz").write_bytes(body)
    for line in (r"\copyfrom --no-sniff t - csv gzip",
                 r"\copy t from program 'cat a.gz' csv gzip"):
        fresh(stage, "a int, b varchar(20)")
        me.run(line, data=body)
        assert loaded(stage) == [(1, "x"), (2, "y")]


def test_what_a_program_is_called_with_is_not_noted(stage, me):
    fresh(stage, "a int, b varchar(20)")
    me.run(r"\copy t from program 'KEY=hunter2; echo bad,x' csv",
           fails=True)
    kept = list((me.home / ".local/state/redsh/staged-before").iterdir())
    assert len(kept) == 1
    assert "hunter2" not in kept[0].read_text()
    assert "the output of the program" in kept[0].read_text()


COPY_REFUSED = [
    ("t from 'a.csv' with (format binary)", "binary"),
    ("t from 'a.csv' csv force not null a", "force"),
    ("t from 'a.csv' csv escape '\\'", "ESCAPE in CSV"),
    ("t from 'a.csv' with (format csv, encoding 'koi8r')", "iconv"),
    ("t from 'nosuch' csv", "No such file"),
    ("t from 'text'", "line 2: a backslash"),
]


@pytest.mark.parametrize("line, why", COPY_REFUSED)
def test_copy_says_what_redshift_has_not(stage, me, line, why):
    (me.home / "a.csv").write_text("1,x\n")
    (me.home / "text").write_text("1\tx\n2\ttwo\\nlines\n")
    fresh(stage, "a int, b varchar(20)")
    assert why in me.run(rf"\copy {line}", fails=True)
    assert loaded(stage) == []


# --- \infer ---

def test_infer_says_how_a_local_file_is_loaded(me):
    (me.home / "my file.csv").write_text("id,n\n1,x\n2,y\n")
    said = me.run(r"\infer 'my file.csv'")
    assert "from 's3://lake/stage/redsh-stage/ID/files.manifest'" in said
    assert "manifest gzip" in said
    assert r"\copyfrom --create my_file 'my file.csv' loads it" in said
    said = me.run(r"\infer 'my file.csv'", staging=None)
    assert r"once a place in S3 is named: for once: --stage s3://" in said
    assert "'my file.csv'\niam_role" not in said
