"""Facts of tests/cases/redshift, and what a server says about columns."""

import csv
import os
import pathlib
import re

CASES = pathlib.Path(__file__).resolve().parent.parent / "cases" / "redshift"

# Type numbers and modifiers by the names that the documentation writes; its
# "char" and "character" without a length are one character.
OIDS = {
    "aclitem[]": 1034, "bigint": 20, "long": 20, "boolean": 16, "bytea": 17,
    "double": 701, "double precision": 701, "float": 701, "real": 700,
    "int": 23, "integer": 23, "smallint": 21, "oid": 26, "text": 25,
    "name": 19, "integer[]": 1007, "oid[]": 1028, "smallint[]": 1005,
    "text[]": 1009, "real[]": 1021, '"char"': 18, '"char"[]': 1002,
    "timestamp": 1114, "timestamp without time zone": 1114,
    "timestamp with time zone": 1184, "abstime": 702, "regproc": 24,
    "xid": 28, "int2vector": 22, "oidvector": 30, "anyarray": 2277,
    "interval": 1186, "numeric": 1700, "character varying": 1043,
}
SIZED = {"char": 1042, "character": 1042, "varchar": 1043}


def type_of(text):
    """(oid, modifier) of a type's name; modifier -1: none."""
    sized = re.fullmatch(r"(char|character|varchar)(?:\((\d+)\))?", text)
    if sized:
        return SIZED[sized[1]], int(sized[2] or 1) + 4
    numeric = re.fullmatch(r"numeric\((\d+),(\d+)\)", text)
    if numeric:
        return 1700, (int(numeric[1]) << 16 | int(numeric[2])) + 4
    return OIDS[text], -1


def rows(name):
    with open(CASES / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


def relations(name, key):
    """{relation: [rows of its columns, in their order]}"""
    found = {}
    for row in rows(name):
        found.setdefault(row[key], []).append(row)
    for name_, columns in found.items():
        assert [int(c["order"]) for c in columns] == \
            list(range(1, len(columns) + 1)), name_
    return found


def left_out():
    """{view: reason} of share/sandbox/README, "System views left out"."""
    share = pathlib.Path(os.environ["REDSH_SHARE"])
    text = (share / "sandbox" / "README").read_text(encoding="utf-8")
    section = text.split("System views left out\n")[1]
    found = {}
    for line in section.splitlines()[1:]:
        words = re.match(r"([a-z_.0-9]+): (.+)", line)
        if words:
            found[words[1]] = words[2]
    return found
