r"""A sandbox joined by --sandbox has a Kaggle too; \copyfrom loads from it."""

import csv
import io
import os
import subprocess
import zipfile

import pytest

from sandbox_kaggle import kaggle_archive
from stage_sandbox import Person, Stage

OWN = "https://kaggle.example"


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(stage, tmp_path):
    return Person(stage, tmp_path)


def joined(stage, home, **own):
    """Kaggle's variables inside of redsh --sandbox."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("AWS_", "XDG_", "PG", "KAGGLE_"))}
    done = subprocess.run(
        [os.path.abspath(os.environ["REDSH"]), "-X",
         f"--sandbox={stage.sandbox.dir}", "-c",
         r"\! env | grep ^KAGGLE_ | sort"],
        env=env | {"HOME": str(home)} | own, capture_output=True, check=True,
        text=True, timeout=120, stdin=subprocess.DEVNULL)
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_the_sandbox_brings_its_kaggle_unless_one_has_an_own(stage, tmp_path):
    theirs = {name: value for name, value in stage.env.items()
              if name.startswith("KAGGLE_")}
    assert len(theirs) == 4
    assert joined(stage, tmp_path) == theirs
    # joined before: what is there is a sandbox's
    old = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1",
           "KAGGLE_API_ENDPOINT": "http://127.0.0.1:1",
           "KAGGLE_USERNAME": "sandbox", "KAGGLE_KEY": "old",
           "KAGGLE_API_TOKEN": "old"}
    assert joined(stage, tmp_path, **old) == theirs
    own = {"KAGGLE_USERNAME": "me", "KAGGLE_KEY": "mine"}
    endpoint = {"KAGGLE_API_ENDPOINT": theirs["KAGGLE_API_ENDPOINT"]}
    assert joined(stage, tmp_path, **own) == own | endpoint
    own = {"KAGGLE_API_TOKEN": "mine"}
    assert joined(stage, tmp_path, **own) == own | endpoint
    own = {"KAGGLE_API_ENDPOINT": OWN}
    assert joined(stage, tmp_path, **own) == own


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


def test_what_is_not_there_leaves_nothing(stage, me):
    said = me.wrong(r"\copyfrom --create none kaggle:redsh/sales/none.csv")
    assert "none.csv" in said
    said = me.wrong(r"\copyfrom --create none kaggle:redsh/nothing/none.csv")
    assert "redsh/nothing" in said
    assert stage.keys("stage/") == []
    assert not stage.sql("select 1 from pg_class where relname = 'none'")
