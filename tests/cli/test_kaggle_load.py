r"""\copyfrom from the sandbox's Kaggle: the rows are those of the file."""

import csv
import io
import zipfile

import pytest

from sandbox_kaggle import kaggle_archive
from stage_sandbox import Person, Stage


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(stage, tmp_path):
    return Person(stage, tmp_path)


@pytest.mark.parametrize("file, table, delimiter, encoding", [
    ("customers.csv", "customers", ",", "latin-1"),
    ("products.csv", "products", ",", "utf-8"),
    ("returns.csv", "returns", ";", "utf-8"),
    ("orders/orders_2024_1.csv", "orders", ",", "utf-8"),
])
def test_a_file_becomes_a_table(stage, me, file, table, delimiter, encoding):
    made = zipfile.ZipFile(io.BytesIO(kaggle_archive(stage.env,
                                                     "redsh/sales")))
    lines = list(csv.reader(io.StringIO(made.read(file).decode(encoding)),
                            delimiter=delimiter))
    me.run(f"\\copyfrom --create {table} kaggle:redsh/sales/{file}")
    rows = stage.sql(f"select * from {table}")
    assert len(rows) == len(lines) - 1
    assert sorted(str(row[0]) for row in rows) == \
        sorted(line[0] for line in lines[1:])
    texts = [i for i, value in enumerate(rows[0]) if isinstance(value, str)]
    for i in texts:
        assert sorted(row[i] or "" for row in rows) == \
            sorted(line[i] for line in lines[1:])
    assert stage.keys("stage/") == []
    assert not [path for path in me.home.rglob("*.csv*")]


def is_clean(stage, me, told=b""):
    """told: what was said of an upload that may arrive after it was cut off,
    which is why its note stays."""
    assert stage.keys("stage/") == [] and stage.uploads() == 0
    for note in me.notes():
        assert b"\\staged --remove " + note.name.encode() in told
    return not stage.sql("select 1 from pg_class where relname = 'none'")


@pytest.mark.parametrize("name, says", [
    ("redsh/sales/none.csv", "none.csv"), ("redsh/sales", "file"),
    ("redsh/nothing/none.csv", "redsh/nothing"), ("redsh", ""),
])
def test_what_is_not_there_leaves_nothing(stage, me, name, says):
    said = me.run(f"\\copyfrom --create none kaggle:{name}", fails=True)
    assert says in said
    assert is_clean(stage, me)


@pytest.mark.parametrize("op, skip, words", [
    ("KaggleDownload", 0, "status=429 retry-after=0"),
    ("KaggleStorage", 2, "cut-reply=9000"),
    ("KaggleStorage", 2, "expire-credentials"),
    ("KaggleStorage", 1, "reset"),
])
def test_what_breaks_goes_on(stage, me, op, skip, words):
    stage.fault("add", "--op", op, "--skip", str(skip), *words.split())
    try:
        me.run(r"\copyfrom --create again kaggle:redsh/sales/returns.csv")
    finally:
        stage.fault("clear")
    assert stage.sql("select count(*) from again") == \
        stage.sql("select count(*) from returns")
    stage.sql("drop table again")
    assert is_clean(stage, me)


def test_a_damaged_file_loads_no_row(stage, me):
    stage.fault("add", "--op", "KaggleStorage", "--skip", "2",
                "corrupt-byte=5000")
    said = me.run(r"\copyfrom --create none kaggle:redsh/sales/returns.csv",
                  fails=True)
    stage.fault("clear")
    assert "damaged" in said
    assert is_clean(stage, me)


@pytest.mark.parametrize("op, skip, words", [
    ("KaggleDownload", 0, "delay=600000"),
    ("KaggleStorage", 2, "stall-reply=1000"),
    ("PutObject", 0, "stall-read=10"),
])
def test_ctrl_c_leaves_nothing_and_the_same_command_loads(stage, me, op, skip,
                                                          words):
    command = r"\copyfrom --create again kaggle:redsh/sales/returns.csv"

    def used_up():
        rules = stage.fault("list").splitlines()[1:]
        return all(rule.split("\t")[5] == "0" for rule in rules)

    stage.fault("add", "--op", op, "--skip", str(skip), words)
    with me.start(command) as process:
        me.wait(used_up)
        me.interrupt(process)
        out, said = process.communicate(timeout=120)
    stage.fault("clear")
    assert process.returncode > 0 and b"Sanitizer" not in said, out + said
    me.run(command)
    assert stage.sql("select count(*) from again") == \
        stage.sql("select count(*) from returns")
    stage.sql("drop table again")
    assert is_clean(stage, me, said)
