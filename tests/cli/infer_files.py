"""Small files of every kind that \\infer is asked about: their bytes, what is
to be found, and the values that a load must give. Used by test_infer.py."""

import bz2
import gzip
import itertools
import json
import subprocess

NAMES = ["id", "name", "day", "amount"]
ROWS = [["7", "Ann Lee", "2024-01-31", "12.50"],
        ["9", "Bob", "2024-02-29", "3.00"],
        ["8", "Zoe", "2023-12-01", "4.25"]]
TYPES = [None, "VARCHAR(16)", "DATE", "DECIMAL(10,2)"]


class File:
    """One file. values None: the sandbox's COPY does not take it."""

    def __init__(self, name, body, values=None, **expected):
        self.name = name
        self.body = body if isinstance(body, bytes) else body.encode()
        self.values = values
        self.expected = expected


def zstd(body):
    return subprocess.run(["zstd", "-qc"], input=body, check=True,
                          stdout=subprocess.PIPE).stdout


PACKERS = {"none": bytes, "gzip": gzip.compress, "bzip2": bz2.compress,
           "zstd": zstd}


def text(rows, delimiter=",", end="\n", header=True, names=NAMES):
    lines = ([names] if header else []) + rows
    return "".join(delimiter.join(line) + end for line in lines)


def dialects():
    """Delimiters, headers and line ends, each with each."""
    # At that place what COPY calls a line's end is another byte.
    for delimiter, header, end in itertools.product(
            [",", ";", "\t", "|", "^", "~", "\x01", "\x1f"], [True, False],
            ["\n", "\r\n"]):
        yield File(f"dialect-{ord(delimiter)}-{header}-{len(end)}",
                   text(ROWS, delimiter, end, header), ROWS,
                   delimiter=delimiter, header=header, rows=3, skip=0,
                   encoding="UTF-8", compression="none", types=TYPES,
                   format="csv" if delimiter in ",;\t" else "delimited",
                   names=NAMES if header else
                   [f"column_{i}" for i in range(1, 5)])


def encodings():
    rows = [["1", "Zoë Müller", "x"], ["2", "Çelik", "y"], ["3", "Ann", "z"]]
    names = ["id", "customer_name", "code"]
    body = text(rows, names=names)
    for codec, name in [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"),
                        ("utf-16", "UTF-16LE"), ("latin-1", "ISO-8859-1")]:
        for pack in ("none", "gzip"):
            yield File(f"encoding-{codec}-{pack}",
                       PACKERS[pack](body.encode(codec)), rows,
                       encoding=name, compression=pack, names=names, rows=3)
    # COPY has no windows-1252: letters are the same as Latin-1's.
    yield File("encoding-cp1252",
               text([["1", "10 € “good”"], ["2", "b"]],
                    names=["id", "note"]).encode("cp1252"), None,
               encoding="windows-1252", rows=2)
    yield File("encoding-utf-16be", b"\xfe\xff" + body.encode("utf-16-be"),
               rows, encoding="UTF-16BE", rows=3)


def packed():
    for pack in ("gzip", "bzip2", "zstd"):
        for header in (True, False):
            yield File(f"packed-{pack}-{header}",
                       PACKERS[pack](text(ROWS, header=header).encode()),
                       ROWS, compression=pack, header=header, rows=3,
                       types=TYPES)


def quoting():
    rows = [["1", 'say "hi"'], ["2", "a,b"], ["3", "line\nbreak"], ["4", ""]]
    body = ('id,customer_name\n1,"say ""hi"""\n2,"a,b"\n3,"line\nbreak"\n'
            "4,\n")
    yield File("quotes", body, rows,
               format="csv", quote='"', rows=4)
    yield File("quotes-crlf", body.replace("\n", "\r\n").replace(
        "line\r\nbreak", "line\nbreak"), None, quote='"', rows=4)
    yield File("quotes-all", '"id","city"\n"1","Oslo"\n"2","Bergen, N"\n',
               [["1", "Oslo"], ["2", "Bergen, N"]], quote='"', rows=2)
    yield File("escapes", "id|note\n1|a\\|b\n2|c\n3|d\n",
               [["1", "a|b"], ["2", "c"], ["3", "d"]], escape="\\",
               delimiter="|", rows=3)
    yield File("one-column", "city\nOslo\nBergen\n", [["Oslo"], ["Bergen"]],
               delimiter=None, rows=2)
    for quote in "'`":
        yield File(f"quote-{ord(quote)}",
                   "id,city\n1,'Oslo'\n2,'Bergen, N'\n3,'L''Aquila'\n"
                   .replace("'", quote), [["1", "Oslo"], ["2", "Bergen, N"],
                                          ["3", f"L{quote}Aquila"]],
                   quote=quote, format="csv", rows=3)
    yield File("quote-bar", "id|city\n1|'Oslo|N'\n2|'Bergen'\n",
               [["1", "Oslo|N"], ["2", "Bergen"]], quote="'", rows=2)
    yield File("apostrophes", "id,city\n1,'s-Hertogenbosch\n2,L'Aquila\n",
               [["1", "'s-Hertogenbosch"], ["2", "L'Aquila"]], quote=None,
               rows=2)
    yield File("quotes-escaped", 'id,note\n1,"say \\"hi\\""\n2,"x, y"\n',
               [["1", 'say "hi"'], ["2", "x, y"]], quote='"', escape="\\",
               rows=2)
    yield File("line-escaped", "id|note\n1|a\\\nb\n2|c\n",
               [["1", "a\nb"], ["2", "c"]], escape="\\", rows=2)
    yield File("header-of-two-lines", '"Order\nId",total\n1,5.5\n2,6.5\n',
               [["1", "5.5"], ["2", "6.5"]], header=True, rows=2,
               names=["order_id", "total"])
    yield File("header-marked", "#id,day\n1,2024-01-01\n2,2024-01-02\n",
               [["1", "2024-01-01"], ["2", "2024-01-02"]], header=True,
               skip=0, names=["id", "day"], rows=2)
    yield File("comments-c", "// made by x\n// on Monday\nid;day\n"
               "1;2024-01-01\n2;2024-01-02\n",
               [["1", "2024-01-01"], ["2", "2024-01-02"]], skip=2, rows=2)
    yield File("separator-named", "sep=;\nid;day\n1;2024-01-01\n",
               [["1", "2024-01-01"]], skip=1, delimiter=";", rows=1)
    yield File("text-with-commas", "note\nhello, world\nthis is, text\n"
               "no comma\n", [["note"], ["hello, world"],
                              ["this is, text"], ["no comma"]],
               delimiter=None, rows=4)
    yield File("ends-in-delimiter", "id,a,b\n1,2,3,\n4,5,6,\n",
               [["1", "2", "3", ""], ["4", "5", "6", ""]], header=True,
               names=["id", "a", "b", "column_4"], rows=2)
    yield File("ends-cr", "id,day\r1,2024-01-01\r2,2024-01-02\r",
               [["1", "2024-01-01"], ["2", "2024-01-02"]], rows=2)
    yield File("ends-mixed", "id,day\n1,2024-01-01\r\n2,2024-01-02\n",
               [["1", "2024-01-01"], ["2", "2024-01-02"]], rows=2)
    yield File("last-line-open", "id,day\n1,2024-01-01\n2,2024-01-02",
               [["1", "2024-01-01"], ["2", "2024-01-02"]], rows=2)
    yield File("blank-lines", "id,day\n1,2024-01-01\n\n2,2024-01-02\n\n",
               [["1", "2024-01-01"], ["2", "2024-01-02"]], rows=2)
    yield File("comments", "# made by x\n# on Monday\nid,day\n1,2024-01-01\n",
               [["1", "2024-01-01"]], skip=2, header=True, rows=1)
    yield File("titles", "Sales report\nid,day,amount\n1,2024-01-01,5\n"
               "2,2024-01-02,6\n",
               [["1", "2024-01-01", "5"], ["2", "2024-01-02", "6"]],
               skip=1, header=True, rows=2)


DATES = {
    "YYYY-MM-DD": ["2024-01-31", "2023-11-05"],
    "YYYY/MM/DD": ["2024/01/31", "2023/11/05"],
    "YYYY.MM.DD": ["2024.01.31", "2023.11.05"],
    "MM/DD/YYYY": ["01/31/2024", "11/05/2023"],
    "DD/MM/YYYY": ["31/01/2024", "05/11/2023"],
    "DD.MM.YYYY": ["31.01.2024", "05.11.2023"],
    "DD-MM-YYYY": ["31-01-2024", "05-11-2023"],
    "DD-MON-YYYY": ["31-JAN-2024", "05-NOV-2023"],
    "MON DD YYYY": ["Jan 31 2024", "Nov 05 2023"],
    "YYYYMMDD": ["20240131", "20231105"],
}
TIMES = {
    "YYYY-MM-DD HH:MI:SS": ["2024-01-31 10:20:30", "2023-11-05 23:00:01"],
    "MM/DD/YYYY HH:MI:SS": ["01/31/2024 10:20:30", "11/05/2023 23:00:01"],
    "DD.MM.YYYY HH:MI:SS": ["31.01.2024 10:20:30", "05.11.2023 23:00:01"],
    "auto": ["2024-01-31T10:20:30", "2023-11-05T23:00:01"],
}


def dates():
    for pattern, values in DATES.items():
        yield File("date-" + pattern.replace("/", "_"),
                   text([["1", values[0]], ["2", values[1]]],
                        names=["id", "day"]),
                   [["1", "2024-01-31"], ["2", "2023-11-05"]],
                   types=[None, "DATE"], rows=2)
    for pattern, values in TIMES.items():
        yield File("time-" + pattern.replace("/", "_"),
                   text([["1", values[0]], ["2", values[1]]],
                        names=["id", "made_at"]),
                   [["1", "2024-01-31 10:20:30"],
                    ["2", "2023-11-05 23:00:01"]],
                   types=[None, "TIMESTAMP"], rows=2)
    for name, factor in [("epochsecs", 1), ("epochmillisecs", 1000)]:
        seconds = [1706696430, 1699225201]
        yield File("time-" + name,
                   text([["1", str(seconds[0] * factor)],
                         ["2", str(seconds[1] * factor)]],
                        names=["id", "made_at"]),
                   [["1", "2024-01-31 10:20:30"],
                    ["2", "2023-11-05 23:00:01"]],
                   types=[None, "TIMESTAMP"], rows=2)
    yield File("time-mixed", "id,made_at\n1,2024-01-31\n"
               "2,2024-02-01 10:00:00\n",
               [["1", "2024-01-31 00:00:00"], ["2", "2024-02-01 10:00:00"]],
               types=[None, "TIMESTAMP"], rows=2)
    yield File("date-one-shows", "id,ordered,shipped\n1,01/02/2024,28/02/2024\n"
               "2,03/04/2024,05/04/2024\n",
               [["1", "2024-02-01", "2024-02-28"],
                ["2", "2024-04-03", "2024-04-05"]],
               types=[None, "DATE", "DATE"], rows=2)
    yield File("time-zone", "id,made_at\n1,2024-01-31T10:20:30Z\n"
               "2,2024-02-01T00:00:00+02:00\n", None,
               types=[None, "TIMESTAMPTZ"], rows=2)


NUMBERS = [
    ("small-most", ["32767", "-32768", "5"], "SMALLINT"),
    ("small-over", ["32768", "5", "7"], "INTEGER"),
    ("integer-most", ["2147483647", "-2147483648", "7"], "INTEGER"),
    ("integer-over", ["2147483648", "5", "7"], "BIGINT"),
    ("bigint-most", ["9223372036854775807", "-9223372036854775808", "7"],
     "BIGINT"),
    ("bigint-over", ["9223372036854775808", "5", "7"], "DECIMAL(23,0)"),
    ("most-digits", ["9" * 38, "5", "7"], "DECIMAL(38,0)"),
    ("most-digits-scale", ["9" * 30 + "." + "1" * 8, "5.5", "7"],
     "DECIMAL(38,8)"),
    ("too-many-digits", ["9" * 39, "5", "7"], "VARCHAR(128)"),
    ("exact-scale", ["1.12345678901234567890", "5.5", "7"],
     "DECIMAL(25,20)"),
    ("gaps", ["1", "200", "30000"], "SMALLINT"),
    ("changes", ["+1.5", "-2.5", "+3"], "DECIMAL(10,1)"),
    ("ones", ["1", "0", "1", "0"], "SMALLINT"),
    ("mixed-bool", ["t", "f", "1", "0"], "BOOLEAN"),
    ("on-off", ["on", "off", "on"], "VARCHAR(16)"),
    ("overflow", ["1e400", "5", "7"], "VARCHAR(16)"),
    ("hexadecimal", ["0x1F", "0x20"], "VARCHAR(16)"),
    ("infinite", ["inf", "1.5"], "VARCHAR(16)"),
    ("padded", [" 5", "16"], "VARCHAR(16)"),
    ("months", ["202201", "202302", "202112"], "INTEGER"),
    ("time", ["10:20:30", "00:00:01"], "TIME"),
    ("time-fraction", ["10:20:30.5", "00:00:01"], "TIME"),
    ("midnight", ["24:00:00", "00:00:01"], "VARCHAR(16)"),
    ("duration", ["75:30", "10:10"], "VARCHAR(16)"),
    ("before-christ", ["0044-03-15 BC", "2024-02-01"], "VARCHAR(32)"),
    ("no-date", ["31/02/2024", "03/04/2024"], "VARCHAR(32)"),
    ("two-formats", ["2024-01-31", "31/01/2024"], "VARCHAR(32)"),
    ("euro", ["5,00 €", "1.234,50 €"], "VARCHAR(32)"),
    ("multibyte", ["äöü" * 10, "x"], "VARCHAR(128)"),
    ("longest", ["x" * 65535, "y"], "VARCHAR(65535)"),
    ("small", ["12", "7", "300"], "SMALLINT"),
    ("ids", ["1", "2", "3"], "INTEGER"),
    ("negative", ["-5", "4", "-2"], "SMALLINT"),
    ("large", ["400000", "5", "77"], "INTEGER"),
    ("big", ["9000000000", "5", "77"], "BIGINT"),
    ("nineteen", ["9223372036854775807", "5", "77"], "BIGINT"),
    ("money", ["12.50", "3", "0.99"], "DECIMAL(10,2)"),
    ("long-scale", ["0.12345678", "1.5", "2"], "DECIMAL(13,8)"),
    ("huge", ["123456789012345678901234567890", "1", "2"], "DECIMAL(34,0)"),
    ("measure", ["0.1234567891", "1.5", "2"], "DOUBLE PRECISION"),
    ("power", ["1e-3", "2.5E10", "1"], "DOUBLE PRECISION"),
    ("zero-led", ["00123", "04567", "10115"], "VARCHAR(16)"),
    ("plus", ["+4930123", "+4412345", "+1555"], "VARCHAR(16)"),
    ("grouped", ["1,200.50", "3.00", "99.10"], "VARCHAR(16)"),
    ("dollar", ["$5.00", "$12.10", "$7.30"], "VARCHAR(16)"),
    ("percent", ["5%", "12%", "7%"], "VARCHAR(16)"),
    ("bool", ["true", "false", "true"], "BOOLEAN"),
    ("yes", ["yes", "no", "no"], "BOOLEAN"),
    ("t", ["t", "f", "t"], "BOOLEAN"),
    ("words", ["red", "green", "blue"], "VARCHAR(16)"),
    ("long", ["x" * 40, "y", "z"], "VARCHAR(128)"),
    ("mixed", ["1", "two", "3"], "VARCHAR(16)"),
]


def numbers():
    for name, values, kind in NUMBERS:
        body = "id|what_is_it\n" + "".join(
            f"{i}|{value}\n" for i, value in enumerate(values))
        yield File("type-" + name, body,
                   [[str(i), value] for i, value in enumerate(values)],
                   types=[None, kind], rows=len(values))


def nulls():
    for word in ("NA", "N/A", "NULL", "null", "None", "nan", "-", "\\N", ""):
        yield File("null-" + (word.replace("/", "_").strip("\\") or "empty"),
                   f"id,amount,day\n1,{word},2024-01-01\n2,5.25,{word}\n"
                   "3,6.00,2024-01-03\n",
                   [["1", None, "2024-01-01"], ["2", "5.25", None],
                    ["3", "6.00", "2024-01-03"]],
                   types=[None, "DECIMAL(10,2)", "DATE"], rows=3)


# What the first line is where all columns are text: a header is of another
# make than the values below it.
HEADERS = [
    ("lower-above-capitals", "first,last\nAnn,Lee\nBob,Ray\nZoe,Fox\n", True),
    ("lower-above-words", "alpha,beta\nRed Car,X1\nBlue Car,X2\n", True),
    ("another-length", "state,abbr\nOhio,OH\nUtah,UT\nIowa,IA\n", True),
    ("years", "region,2022,2023\nEMEA,5,6\nAPAC,8,9\n", True),
    ("one-column-color", "color\nRed\nBlue\nGreen\n", True),
    ("all-alike", "Ann Lee,Oslo\nBob Ray,Rome\nZoe Fox,Paris\n", False),
    ("addresses", "ann@x.com,red\nbob@y.com,blue\nzoe@z.org,green\n", False),
    ("same-make", "abc,def\nghi,jkl\nmno,pqr\n", False),
    ("years-of-data", "2022,2023\n2024,2021\n2020,2019\n", False),
]


def headers():
    for name, body, header in HEADERS:
        lines = [line.split(",") for line in body.splitlines()]
        yield File("header-" + name, body, lines[header:], header=header,
                   rows=len(lines) - header)


def names():
    yield File("names-cleaned", "Order ID,Ship-Date,Order ID,2nd,,select\n"
               "1,2024-01-01,5,a,b,c\n2,2024-01-02,6,d,e,f\n",
               [["1", "2024-01-01", "5", "a", "b", "c"],
                ["2", "2024-01-02", "6", "d", "e", "f"]], rows=2,
               header=True, names=["order_id", "ship_date", "order_id_2",
                                   "_2nd", "column_5", "select"])
    yield File("names-quoted", "id,select,user,Größe\n1,2,3,4\n5,6,7,8\n",
               [["1", "2", "3", "4"], ["5", "6", "7", "8"]], rows=2,
               names=["id", "select", "user", "größe"])
    yield File("names-unique", "a id,a-id,a_id\n1,2,3\n", [["1", "2", "3"]],
               names=["a_id", "a_id_2", "a_id_3"], rows=1)
    yield File("header-only", "order_id,order_date,amount\n", [], rows=0)
    yield File("late-surprise", "id,qty\n" + "".join(
        f"{i},{i % 7}\n" for i in range(40000)) + "40000,many\n", None,
        types=[None, "VARCHAR(16)"], rows=40001)


def fixed():
    """Columns found by blanks, by digits beside letters, under their names."""
    lines = [("0001", "Ann Lee", "20240101", "12.50"),
             ("0002", "Bob", "20240102", "3.00"),
             ("0033", "Zoë X", "20240301", "104.25"),
             ("0004", "Max", "20240103", "8.00")]
    body = "".join(f"{a}{b:<10}{c}{d:>10}\n" for a, b, c, d in lines)
    values = [[a, b, f"{c[:4]}-{c[4:6]}-{c[6:]}", d] for a, b, c, d in lines]
    yield File("fixed", body, values, format="fixed width", header=False,
               types=["VARCHAR(16)", "VARCHAR(16)", "DATE", "DECIMAL(10,2)"],
               rows=4)
    yield File("fixed-names", f"{'id':<6}{'customer':<12}{'day':<10}"
               f"{'amount':>8}\n" +
               "".join(f"{a:<6}{b:<12}{c:<10}{d:>8}\n"
                       for a, b, c, d in lines), values,
               format="fixed width", header=True, rows=4,
               names=["id", "customer", "day", "amount"])
    yield File("blanks", "id name n\n1 Ann 5\n2 Bob 6\n",
               [["1", "Ann", "5"], ["2", "Bob", "6"]], delimiter=" ",
               header=True, rows=2)


def json_files():
    rows = [{"id": 1, "name": "Ann", "price": 2.5, "ok": True},
            {"id": 2, "name": "Bob", "price": 10.25, "ok": False}]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    values = [["1", "Ann", "2.50", "True"], ["2", "Bob", "10.25", "False"]]
    kinds = ["INTEGER", "VARCHAR(16)", "DECIMAL(10,2)", "BOOLEAN"]
    for pack in ("none", "gzip", "bzip2", "zstd"):
        yield File(f"json-{pack}", PACKERS[pack](lines.encode()), values,
                   format="json", compression=pack, rows=2, types=kinds)
    yield File("json-pretty", "".join(json.dumps(row, indent=2) + "\n"
                                      for row in rows), values,
               format="json", rows=2, types=kinds)
    yield File("json-capitals", '{"Id": 1, "Name": "x"}\n', [["1", "x"]],
               names=["id", "name"], rows=1)
    yield File("json-nested", '{"id": 1, "tags": ["a"], "who": {"x": 1}}\n',
               None, types=["INTEGER", "SUPER", "SUPER"], rows=1)
    yield File("json-missing", '{"id": 1, "a": "x"}\n{"id": 2, "b": null}\n',
               None, names=["id", "a", "b"], rows=2)
    yield File("json-names", '{"order id": 1, "Ship-Date": "2024-01-01"}\n'
               '{"order id": 2, "Ship-Date": "2024-01-02"}\n',
               [["1", "2024-01-01"], ["2", "2024-01-02"]],
               names=["order id", "ship-date"], rows=2)
    yield File("json-mixed", '{"v": 1}\n{"v": "x"}\n{"v": 1.5}\n',
               [["1"], ["x"], ["1.5"]], types=["VARCHAR(16)"], rows=3)
    yield File("json-days", '{"day": "2024-01-01"}\n{"day": "n/a"}\n',
               [["2024-01-01"], ["n/a"]], types=["VARCHAR(32)"], rows=2)
    yield File("json-digits", '{"v": "12"}\n{"v": "7"}\n', [["12"], ["7"]],
               types=["VARCHAR(16)"], rows=2)
    yield File("json-escapes", '{"v": "x\\u00e9\\n\\"q\\""}\n',
               [['x\u00e9\n"q"']], types=["VARCHAR(16)"], rows=1)
    yield File("json-rows", '[1, "a"]\n[2, "b"]\n', None,
               format="json arrays", copy=None)
    yield File("json-no-members", "{}\n{}\n", None, format="json", rows=2,
               copy=None, create=None)
    yield File("json-array", json.dumps(rows), None, format="json array",
               names=["id", "name", "price", "ok"], types=kinds, rows=2)


def no_tables():
    yield File("html", "<!DOCTYPE html><html><body>Log in</body></html>",
               None, format="markup")
    yield File("s3-error", '<?xml version="1.0"?><Error><Code>AccessDenied'
               "</Code></Error>", None, format="markup")
    yield File("empty", "", None, format="empty")
    yield File("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0", None,
               format="binary")


FILES = [file for group in (dialects, encodings, packed, quoting, dates,
                            numbers, nulls, headers, names, fixed, json_files, no_tables)
         for file in group()]
