#!/usr/bin/python3
"""Writes the expected texts of the print cases by asking a real psql 15.

Usage: generate.py FILE.txt ...     (PGHOST, PGUSER ... name a PostgreSQL 15)

A file holds cases. A case is a line "=== name", settings "key=value", one
"columns" line, "row" lines, a line "---" and the expected text up to the next
"===". Values are escaped: \\n \\t \\r \\\\ \\xNN, \\N alone is NULL. Cells stand
behind TABs, a column is TYPE:NAME. This program replaces the expected texts;
a NUL in them is written as the value of zero=.
"""
import os
import re
import subprocess
import sys

PSQL = os.environ.get("PSQL", "psql")
TEST_ONLY = ("zero",)
TYPES = {"int": "bigint", "num": "numeric", "float": "float8",
         "text": "text", "bool": "bool", "date": "date"}


def unescape(text):
    names = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(x[0-9a-fA-F]{2}|.)", lambda m: names.get(m[1])
                  or chr(int(m[1][1:], 16)), text)


def literal(cell):
    if cell == "\\N":
        return "NULL"
    text = unescape(cell)
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def query(case):
    columns, rows = case["columns"], case["rows"]
    if not columns:
        return "select from generate_series(1, %d)" % len(rows)
    names = ['"%s"' % unescape(c.split(":", 1)[1]).replace('"', '""')
             for c in columns]
    types = [TYPES[c.split(":", 1)[0]] for c in columns]
    if not rows:
        return "select %s where false" % ", ".join(
            "null::%s as %s" % pair for pair in zip(types, names))
    selects = []
    for row in rows:
        selects.append("select " + ", ".join(
            "%s::%s as %s" % (literal(cell), kind, name)
            for cell, kind, name in zip(row, types, names)))
    return " union all ".join(selects)


def expected(case):
    script = []
    for key, value in case["settings"]:
        if key in TEST_ONLY:
            continue
        value = unescape(value).replace("\\", "\\\\").replace("'", "\\'")
        value = value.replace("\n", "\\n").replace("\t", "\\t")
        script.append("\\pset %s '%s'" % (key, value))
    script.append(query(case) + ";")
    done = subprocess.run([PSQL, "-X", "-q", "-f", "-"], check=True,
                          input="\n".join(script).encode(),
                          stdout=subprocess.PIPE)
    text = done.stdout.decode()
    return text.replace("\0", dict(case["settings"]).get("zero", "\0"))


def read(path):
    cases = []
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")
    case, inside = None, False
    for line in lines:
        if line.startswith("=== "):
            case = {"name": line[4:], "settings": [], "columns": [],
                    "rows": []}
            cases.append(case)
            inside = True
        elif line == "---":
            inside = False
        elif inside and line.startswith("columns"):
            case["columns"] = line.split("\t")[1:]
        elif inside and line.startswith("row"):
            case["rows"].append(line.split("\t")[1:])
        elif inside and "=" in line:
            case["settings"].append(tuple(line.split("=", 1)))
    return cases


def write(path, cases):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for case in cases:
            file.write("=== %s\n" % case["name"])
            for key, value in case["settings"]:
                file.write("%s=%s\n" % (key, value))
            file.write("\t".join(["columns"] + case["columns"]) + "\n")
            for row in case["rows"]:
                file.write("\t".join(["row"] + row) + "\n")
            file.write("---\n" + expected(case))


def main():
    for path in sys.argv[1:]:
        write(path, read(path))


if __name__ == "__main__":
    main()
