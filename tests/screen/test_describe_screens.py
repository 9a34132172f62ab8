"""Screens of the describe family: tests/cases/describe/*.txt hold commands, an
empty line, and what redsh then shows, standard output first. Lines before
that begin with "-- ": "as USER", "serverless", "no listings", "columns N".

REDSH_UPDATE=1 writes what was shown into the files."""

import os
import pathlib
import re
import subprocess

import pytest

from terminal import REDSH, REDSH_SANDBOX, Sandbox

FOLDER = pathlib.Path(os.environ["TESTS_DIR"]) / "cases" / "describe"
FILES = sorted(FOLDER.glob("*.txt"))

# The first one is the usual sandbox.
KINDS = {"": [], "serverless": ["--kind", "serverless"],
         "no listings": ["--no-listings"]}


class Box(Sandbox):
    def __init__(self, folder, home, more):
        self.more = more
        super().__init__(folder, home)

    def run(self, *arguments):
        if arguments[0] == "start":
            arguments += tuple(self.more)
        return super().run(*arguments)


@pytest.fixture(scope="module")
def boxes(home, tmp_path_factory):
    """Sandboxes by kind, with the fixture in them, made when needed."""
    made = {}

    def box(kind):
        if kind not in made:
            folder = tmp_path_factory.mktemp("box")
            for parent in (folder, folder.parent, folder.parent.parent):
                parent.chmod(0o711)
            made[kind] = Box(folder / "s", home, KINDS[kind])
            made[kind].redsh("-q", "-v", "ON_ERROR_STOP=1", "-f",
                             str(FOLDER / "fixture.sql"))
        return made[kind]

    yield box
    for one in made.values():
        one.stop()


def run(box, script, user="", more=()):
    arguments = [REDSH, f"--sandbox={box.folder}", "-X", *more]
    if user:
        arguments += ["-d", f"user={user} password=Abcd1234"]
    return subprocess.run(arguments + ["-f", "-"], env=box.env, input=script,
                          capture_output=True, text=True, timeout=300,
                          check=False)


def same(text):
    """Times and places that differ from run to run."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?",
                  "YYYY-MM-DD HH:MM:SS", text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_screen(boxes, path):
    head, _, expected = path.read_text().partition("\n\n")
    options = [line[3:] for line in head.splitlines()
               if line.startswith("-- ")]
    script = "\n".join(line for line in head.splitlines()
                       if not line.startswith("-- ")) + "\n"
    kind = next((word for word in options if word in KINDS), "")
    user = next((word[3:] for word in options if word.startswith("as ")), "")
    done = run(boxes(kind), script, user)
    shown = same(done.stdout)
    if done.stderr:
        shown = (shown + "\n=== stderr ===\n" + same(done.stderr)).strip("\n")
    if os.environ.get("REDSH_UPDATE"):
        path.write_text(f"{head}\n\n{shown}\n")
    assert shown == same(expected)


# ---- every row, everywhere ----

def listings():
    """Names of the commands that list, as the program tells them."""
    text = subprocess.run([REDSH, "--print=commands"], capture_output=True,
                          text=True, check=True).stdout
    names = []
    for line in text.splitlines():
        name, aliases, _, synopsis, *_ = line.split("\t")
        if re.match(r"(d|l|z)", name) and "[PATTERN]" in synopsis:
            names += [name, *aliases.split()]
    return names


def variants(name):
    yield f"\\{name}"
    yield f"\\{name} *a*"
    yield f"\\{name}x"
    if name not in ("ddp", "drds", "dp", "z", "dd", "drg"):
        yield f"\\{name}+"
    if name not in ("dC", "dconfig", "ddp", "drds", "dshares"):
        yield f"\\{name}S *.*" if name not in (
            "dg", "du", "dR", "dn", "l", "list", "dL", "drg") else \
            f"\\{name}S *"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind or "provisioned")
@pytest.mark.parametrize("user", ["", "joe", "plain"])
def test_no_listing_fails_anywhere(boxes, kind, user):
    names = listings()
    assert {"d", "dt", "du", "z", "list", "dR"} - {"dt"} <= set(names)
    lines = [line for name in names for line in variants(name)]
    lines += [f"\\d{letters}+ {pattern}" for letters in
              ("t", "v", "m", "E", "tvmE", "tS") for pattern in ("", "*.*")]
    done = run(boxes(kind), "\n".join(lines) + "\n", user)
    assert done.returncode == 0
    bad = [line for line in done.stderr.splitlines() if not re.search(
        r"error: (\\\w+: )?(Did not find|Redshift has no)|^Only superusers|"
        r"^Rows and size", line)]
    assert bad == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind or "provisioned")
@pytest.mark.parametrize("user", ["", "joe", "plain"])
def test_every_relation_is_described_to_everybody(boxes, kind, user):
    script = "\\d+ public.*\n\\d+ attic.*\n\\d+ lake.*\n\\d pg_class\n" \
        "\\d svv_table_info\n"
    done = run(boxes(kind), script, user)
    assert done.returncode == 0
    assert done.stderr == ""
    for name in ("sales", "stores", "woven", "numbered", "stage", "by_day",
                 "late", "mv_days"):
        assert f'"public.{name}"' in done.stdout
    assert '"lake.clicks"' in done.stdout


# ---- names and texts of others ----

def test_comments_and_texts_give_the_terminal_no_orders(boxes):
    box = boxes("")
    box.redsh("-q", "-c", "create or replace view loud as select "
              "'\x1b]0;owned\x07'::varchar as x", "-c",
              "comment on view loud is '\x1b[31mred\u202eder'")
    with box.terminal("-X") as term:
        term.wait_for_line("dev=#")
        for command in (r"\d+ loud", r"\sv loud", r"\st+ stores", r"\dv+",
                        r"\d stores", r"\dd", r"\df+", r"\dp loud"):
            term.line(command)
        term.line("\\echo do''ne")
        term.wait_for("\ndone")
        raw = term.raw.decode(errors="replace")
    for order in ("\x1b]0;owned", "\x1b[31mred", "\u202e"):
        assert order not in raw
    assert "x1B[31mred" in raw
    box.redsh("-q", "-c", "drop view loud")


def test_a_terminal_has_types_as_people_type_them(boxes):
    with boxes("").terminal("-X") as term:
        term.wait_for_line("dev=#")
        term.line("\\d sales")
        term.wait_for("REFERENCES stores")
        rows = [[cell.strip() for cell in line.split("│")]
                for line in term.lines()]
        assert ["currency", "char(3)", "", "'EUR'", "lzo", "", ""] in rows
        assert ["note", "varchar(256)", "", "", "zstd", "", ""] in rows
        term.line("\\dt+ stage")
        term.wait_for("Distribution")
        term.wait_for_line("dev=#")
        assert "NULL" not in term.text()


@pytest.mark.parametrize("name", [
    "n" * 63, "\u00e4" * 31 + "x", "\u58f2\u4e0a \u660e\u7d30", "a.b.c",
    'say "hi"', "it's", "back\\slash", "two\nlines", "%s", "select", "1st",
    "caf\u00e9"])
def test_any_name_is_described_and_made_again(boxes, name):
    box = boxes("")
    quoted = '"' + name.replace('"', '""') + '"'
    box.redsh("-q", "-c", f"create table {quoted} ({quoted} int, b int) "
              f"distkey ({quoted}) sortkey ({quoted}, b)",
              "-c", f"comment on column {quoted}.{quoted} is 'x'")
    if "\n" not in name:
        text = box.redsh("-c", f"\\d {quoted}", "-c", f"\\dt {quoted}")
        assert f'Table "public.{name}"' in text
        assert "Distribution style: KEY" in text
        assert "Sort key: (" in text
        made = box.redsh("-c", f"\\st+ {quoted}")
        box.redsh("-q", "-c", f"drop table {quoted}", "-c", made)
        assert box.redsh("-c", f"\\st+ {quoted}") == made
    assert box.redsh("-Atc", r"\dt *") .count(name.split("\n")[0]) == 1
    box.redsh("-q", "-c", f"drop table {quoted}")


# ---- \st ----

TABLES = ["sales", "stores", "woven", "numbered", "stage", "attic.dusty",
          'attic."we ird.na""me"']


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind or "provisioned")
def test_a_table_is_made_again_from_its_text(boxes, kind):
    """Into another database of the same cluster, and shown the same there."""
    box = boxes(kind)
    order = ["stores"] + [name for name in TABLES if name != "stores"]
    texts = [box.redsh("-q", "-c", f"\\st+ {name}") for name in order]
    tables = "".join(f"\\d+ {name}\n\\st+ {name}\n" for name in TABLES)
    box.redsh("-q", "-c", "create database again")
    made = run(box, "create schema attic;\n" + "\n".join(texts), more=(
        "-q", "-v", "ON_ERROR_STOP=1", "-d", "again"))
    assert (made.returncode, made.stderr) == (0, "")

    def shown(*more):
        text = run(box, tables, more=more).stdout
        # rows, size and views came with the others
        text = re.sub(r"(Rows:|    VACUUM|    ANALYZE|Created:).*\n", "", text)
        text = re.sub(r"Views on it:\n(    .*\n)+", "", text)
        # of an empty table Redshift does not tell what it chose itself
        return re.sub(r"\nENCODE AUTO| ENCODE \w+\b", "", text)

    first, second = shown(), shown("-d", "again")
    box.redsh("-q", "-c", "drop database again")
    assert "IDENTITY(1,1)" in first and "GRANT SELECT" in first
    assert second == first


def test_an_external_table_is_made_again_from_its_text(boxes):
    box = boxes("")
    for name in ("lake.clicks", "lake.quoted", "lake.visits"):
        for before in ((), ("-c", "begin")):  # SHOW EXTERNAL TABLE, or own
            text = box.redsh("-q", *before, "-c", f"\\st+ {name}")
            again = text.replace(name, name + "_again")
            assert again != text
            box.redsh("-q", "-v", "ON_ERROR_STOP=1", "-f", "-",
                      text=again)
            shown = box.redsh("-q", *before, "-c", f"\\st+ {name}_again")
            box.redsh("-q", "-c", f"drop table {name}_again")
            assert shown == again
