#!/usr/bin/python3
"""Writes the expected texts of the print cases by asking a real psql 15.

Usage: generate.py FILE.txt ...     (PGHOST, PGUSER ... name a PostgreSQL 15)
       generate.py --random SEED COUNT FILE.txt     makes new cases

A file holds cases. A case is a line "=== name", settings "key=value", one
"columns" line, "row" lines, a line "---" and the expected text up to the next
"===". Values are escaped: \\n \\t \\r \\\\ \\xNN, \\N alone is NULL. Cells stand
behind TABs, a column is TYPE:NAME. Where psql itself adds lines under a table
the case has setup= (SQL), command= (to print with) and footers= (the lines). This program replaces the expected texts;
a NUL in them is written as the value of zero=, and a LF is added at the end.
"""
import os
import random
import re
import subprocess
import sys

PSQL = os.environ.get("PSQL", "psql")
TEST_ONLY = ("zero", "setup", "command", "footers")
TYPES = {"int": "bigint", "num": "numeric", "float": "float8",
         "text": "text", "bool": "bool", "date": "date"}


def unescape(text):
    names = {"n": "\n", "t": "\t", "r": "\r"}

    def one(match):
        if len(match[1]) == 3:
            return chr(int(match[1][1:], 16))
        return names.get(match[1], match[1])
    return re.sub(r"\\(x[0-9a-fA-F]{2}|.)", one, text)


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
    special = dict(case["settings"])
    if "setup" in special:
        script.insert(0, special["setup"])
    script.append(special.get("command") or query(case) + ";")
    done = subprocess.run([PSQL, "-X", "-q", "-f", "-"], check=True,
                          input="\n".join(script).encode(),
                          stdout=subprocess.PIPE)
    text = done.stdout.decode()
    zero = dict(case["settings"]).get("zero")
    return text.replace("\0", zero) + "\n" if zero else text


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
        elif inside and line.split("\t")[0] == "columns":
            case["columns"] = line.split("\t")[1:]
        elif inside and line.startswith("row"):
            case["rows"].append(line.split("\t")[1:])
        elif inside and "=" in line:
            case["settings"].append(tuple(line.split("=", 1)))
    return cases


def write(path, cases):
    text = ""
    for case in cases:
        text += "=== %s\n" % case["name"]
        for key, value in case["settings"]:
            text += "%s=%s\n" % (key, value)
        text += "\t".join(["columns"] + case["columns"]) + "\n"
        for row in case["rows"]:
            text += "\t".join(["row"] + row) + "\n"
        text += "---\n" + expected(case)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


BITS = ["a", "bc", " ", "\\n", "\\t", "\\r", "\\x01", "\\x1b", "中", "é",
        "e\u0301", "😀", "\u0085", "|", "<&>\"", "\\\\", "'", "$%_", "word ",
        "longerword ", "\u200b", "x" * 30, "\\x7f", "{}~^#", ","]
FORMATS = ["aligned", "aligned", "wrapped", "wrapped", "unaligned", "csv",
           "html", "asciidoc", "latex", "latex-longtable", "troff-ms"]
SETTINGS = [  # name, values, how often
    ("border", ["0", "1", "2", "3"], .7),
    ("expanded", ["on", "auto", "off"], .5),
    ("columns", [str(n) for n in range(1, 90)], .7),
    ("linestyle", ["ascii", "old-ascii", "unicode"], .7),
    ("unicode_border_linestyle", ["single", "double"], .3),
    ("unicode_column_linestyle", ["single", "double"], .3),
    ("unicode_header_linestyle", ["single", "double"], .3),
    ("tuples_only", ["on", "off"], .25),
    ("footer", ["off", "on"], .15),
    ("null", ["(null)", "∅", "n\\nl"], .5),
    ("title", ["T", "A rather long title <|> of it", "中文"], .3),
    ("numericlocale", ["on"], .2),
    ("fieldsep", [";", "", "\\t", "ab"], .3),
    ("recordsep", ["\\n", "x", ""], .3),
    ("csv_fieldsep", [";", "|", "\\t"], .3),
    ("tableattr", ["0.2 0.3", "class=x", "  0.5  "], .3),
]
VALUES = {
    "num": ["1.50", "NaN", "-1234567.891", "0", "1000", "12345.0"],
    "float": ["1.5", "NaN", "Infinity", "1e+100", "-0.001", "123456"],
    "bool": ["t", "f"], "date": ["2026-03-14"],
}


def random_text(pick, most):
    return "".join(pick.choice(BITS) for _ in range(pick.randint(0, most)))


def random_name(pick):
    text = random_text(pick, pick.choice([1, 2, 4])).replace("\\\\", "")
    if not unescape(text).strip() or len(unescape(text).encode()) > 60:
        return "c"
    return text


def random_cell(pick, kind):
    if pick.random() < .2:
        return "\\N"
    if kind == "int":
        return str(pick.randint(-10, 10) * 10 ** pick.randint(0, 12))
    if kind == "text":
        return random_text(pick, pick.choice([2, 6, 20]))
    return pick.choice(VALUES[kind])


def random_case(pick, number):
    settings = [("format", pick.choice(FORMATS))]
    settings += [(name, pick.choice(values))
                 for name, values, often in SETTINGS if pick.random() < often]
    kinds = [pick.choice(["int", "num", "text", "text", "bool", "date",
                          "float"])
             for _ in range(pick.choice([0, 1, 1, 2, 2, 3, 4, 5, 8]))]
    return {"name": "random %d" % number, "settings": settings,
            "columns": [kind + ":" + random_name(pick) for kind in kinds],
            "rows": [[random_cell(pick, kind) for kind in kinds]
                     for _ in range(pick.choice([0, 1, 2, 3, 4, 12]))]}


def main():
    if sys.argv[1] == "--random":
        pick = random.Random(int(sys.argv[2]))
        write(sys.argv[4], [random_case(pick, number)
                            for number in range(int(sys.argv[3]))])
        return
    for path in sys.argv[1:]:
        write(path, read(path))


if __name__ == "__main__":
    main()
