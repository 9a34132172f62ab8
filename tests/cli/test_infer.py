"""\\infer: what is found in over a hundred small files, and that the CREATE
TABLE and the COPY it writes load each of them, value by value."""

import datetime
import decimal
import json
import os
import pathlib
import subprocess
import tempfile
import zipfile

import pytest

from infer_files import FILES
from redshift_loads import Loads

REDSH = os.environ["REDSH"]


@pytest.fixture(scope="module")
def loads():
    here = Loads()
    yield here
    here.stop()


def infer(*args, env=None):
    """What \\infer --json says."""
    quoted = " ".join("'" + arg.replace("'", "''") + "'" if "/" in arg
                      else arg for arg in args)
    done = subprocess.run([REDSH, "-X", "-c", f"\\infer --json {quoted}"],
                          capture_output=True, check=False, env=env)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_is_found(file, tmp_path):
    path = tmp_path / "data"
    path.write_bytes(file.body)
    found = infer(str(path))
    columns = found["columns"]
    wanted = dict(file.expected)
    for at, kind in enumerate(wanted.pop("types", [])):
        if kind:
            assert columns[at]["type"] == kind
    if "names" in wanted:
        assert [column["name"] for column in columns] == wanted.pop("names")
    assert {key: found[key] for key in wanted} == wanted


def same(value, kind):
    """What a value of the table and its text in the file both become."""
    if value is None:
        return None
    if kind == "BOOLEAN":
        return str(value).lower() in ("true", "t", "yes", "1")
    if kind == "TIME":
        return datetime.time.fromisoformat(str(value))
    if kind == "DOUBLE PRECISION":
        return float(value)
    if kind.startswith("DECIMAL"):
        return decimal.Decimal(value)
    return str(value)


def table(rows, kinds):
    return sorted(([same(*pair) for pair in zip(row, kinds, strict=True)]
                   for row in rows), key=repr)


@pytest.mark.parametrize("file", [file for file in FILES
                                  if file.values is not None],
                         ids=lambda file: file.name)
def test_it_loads(file, loads):
    """The statements as they were written, at the strict sandbox."""
    uri = loads.put(f"infer/{file.name.replace(' ', '_')}/data", file.body)
    with tempfile.TemporaryDirectory() as home:
        found = infer("--table", "t", uri,
                      env={**os.environ, **loads.env, "HOME": home})
    loads.run("drop table if exists t")
    loads.run(found["create"])
    loads.run(found["copy"])
    names = ", ".join('"' + column["name"] + '"'
                      for column in found["columns"])
    kinds = [column["type"] for column in found["columns"]]
    assert table(loads.run(f"select {names} from t"), kinds) == \
        table(file.values, kinds)


# --- traps of real files: each is named with its line ---

# Longer than what the format is guessed from.
GOOD = "".join(f"{i},Ann Lee,2024-01-0{i % 9 + 1}\n" for i in range(20000))
HEADER = "order_id,customer_name,order_date\n"

TRAPS = [
    ("latin-1 in the last line",
     (HEADER + GOOD).encode() + "9,Zoë,2024-01-01\n".encode("latin-1"),
     "line 20002, byte ", "not UTF-8"),
    ("a stray quote", (HEADER + GOOD + '9,"Zoe,2024-01-01\n' + GOOD).encode(),
     "line 20002:", "nothing closes"),
    ("a stray quote early", b'id,name\n1,Ann\n2,"Bob\n' + b"3,x\n" * 40,
     "line 3: a value begins with a quote", "taken for text"),
    ("text behind a quote", (HEADER + GOOD + '9,"Zoe"x,2024-01-01\n').encode(),
     "line 20002:", "behind a closing quote"),
    ("a NUL byte late", (HEADER + GOOD + "9,Zo\0e,2024-01-01\n").encode(),
     "line 20002, byte ", "NUL byte"),
    ("a NUL byte early", b"id,name\n1,x\0y\n2,z\n", "line 2, byte 11 ",
     "NULL AS"),
    ("too many columns", (HEADER + GOOD + "9,Lee, Ann,2024-01-01\n").encode(),
     "line 20002: 4 columns instead of 3", "delimiter"),
    ("too few", (HEADER + GOOD + "9,Ann\n").encode(),
     "line 20002: 2 columns instead of 3", "FILLRECORD"),
    ("a text of 65,536 bytes",
     (HEADER + GOOD + "9," + "x" * 65536 + ",2024-01-01\n").encode(),
     "line 20002, column customer_name", "65,535"),
    ("2,000 columns", (",".join(f"c{i}" for i in range(2000)) + "\n" +
                       ",".join(str(i) for i in range(2000)) + "\n").encode(),
     "2000 columns", "1,600"),
    ("header only", HEADER.encode(), "a header", "no data"),
    ("mixed line ends", (HEADER + GOOD[:30]).encode() +
     b"9,Ann,2024-01-01\r\n", "LF and CR LF", "COPY takes both"),
    ("days and months", b"order_id,order_date\n1,01/02/2024\n2,03/04/2024\n",
     "column order_date", "and DD/MM/YYYY reads it too"),
    ("two null words", b"id,a,b\n1,NA,n/a\n2,5,6\n3,7,8\n4,9,NA\n",
     "column b: \"n/a\" stands for no value", "nullif(b, 'n/a')"),
    ("padded numbers", b"id,n\n1, 5\n2,16\n", "column n: numbers with blanks",
     "1207"),
    ("windows-1252", "id,note\n1,“good”\n2,b\n".encode("cp1252"),
     "windows-1252", "iconv"),
    ("a name of JSON", b'{"a": 1, "A": 2}\n', 'member "A" becomes', "JSONPaths"),
    ("dollars", b"order_id,price\n1,\"$1,200.50\"\n2,$3.00\n",
     "column price", "cast(trim(replace(replace(price, '$', ''), ',', ''))"),
    ("bad JSON", b'{"a": 1}\n{"a": 2}\noops\n{"a": 3}\n', "line 3",
     "no JSON object"),
]


def test_bytes_and_samples_are_those_of_values(tmp_path):
    """Quotes, escapes and characters of several bytes as they are loaded."""
    (tmp_path / "a.csv").write_text('id,name\n1,"Zoë ""Z"""\n2,Ann\n3,\n')
    found = infer(str(tmp_path / "a.csv"))["columns"][1]
    assert found["max_bytes"] == len('Zoë "Z"'.encode())
    assert found["sample"] == 'Zoë "Z"' and found["nullable"]
    (tmp_path / "a.json").write_text(json.dumps({"name": 'Zoë "Z"\n😀'}))
    found = infer(str(tmp_path / "a.json"))["columns"][0]
    assert found["max_bytes"] == len('Zoë "Z"\n😀'.encode())
    assert found["sample"] == 'Zoë "Z"\n😀' and not found["nullable"]
    (tmp_path / "a.csv").write_text("id,name\n1," + "ä" * 20000 + "\n")
    found = infer(str(tmp_path / "a.csv"))["columns"][1]
    assert found["max_bytes"] == 40000 and found["sample"] == "ä" * 100


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap[0])
def test_traps_are_named(trap, tmp_path):
    path = tmp_path / "data"
    path.write_bytes(trap[1])
    said = infer(str(path))["warnings"]
    assert any(trap[2] in line and trap[3] in line for line in said), said


def run(text, **more):
    return subprocess.run([REDSH, "-X", "-c", text], capture_output=True,
                          check=False, text=True, **more)


def test_for_people(tmp_path):
    """Rows, statements to paste on stdout; the rest on stderr."""
    (tmp_path / "orders-2024.csv").write_text(HEADER + GOOD)
    done = run("\\infer orders-2024.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert " order_date    | DATE" in done.stdout
    assert "create table orders_2024 (" in done.stdout
    assert "sortkey (order_date)\nencode auto;" in done.stdout
    assert "csv ignoreheader 1;" in done.stdout
    assert "header, 20,000 rows" in done.stderr


def test_a_file_that_changes_is_told(tmp_path):
    path = tmp_path / "growing.csv"
    path.write_text(HEADER + GOOD * 40)
    with subprocess.Popen([REDSH, "-X", "-c", "\\infer growing.csv"],
                          cwd=tmp_path, stderr=subprocess.PIPE,
                          text=True) as child:
        touched = 0
        while child.poll() is None:
            touched += 1
            os.utime(path, ns=(touched, touched))
        said = child.stderr.read()
    assert child.returncode == 1 and "growing.csv changed while" in said
    assert "wait until whatever writes it is done" in said


def test_a_sample_is_enough(tmp_path):
    (tmp_path / "data.csv").write_text(HEADER + GOOD * 40)
    found = infer("--sample", "50", str(tmp_path / "data.csv"))
    assert found["rows"] is None
    assert any("only samples" in line for line in found["warnings"])


def test_what_cannot_be_looked_at(tmp_path):
    done = run("\\infer nowhere.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "nowhere.csv: No such file" in done.stderr
    done = run("\\infer .", cwd=tmp_path)
    assert done.returncode == 1 and "is a folder" in done.stderr
    (tmp_path / "page.csv").write_text("<html><body>Log in</body></html>")
    done = run("\\infer page.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "is HTML or XML, which COPY cannot load" in done.stderr
    assert "error page" in done.stderr


# Columns and types of files that Apache Arrow and fastavro wrote: what the
# file itself says, and what is said of it.
ARROW = [["order_id", "BIGINT"], ["qty", "SMALLINT"], ["n", "INTEGER"],
         ["price", "DECIMAL(12,2)"], ["day", "DATE"], ["at", "TIMESTAMP"],
         ["ok", "BOOLEAN"], ["name", "VARCHAR(65535)"], ["raw", "VARBYTE"],
         ["f", "REAL"], ["d", "DOUBLE PRECISION"], ["tags", "SUPER"],
         ["who", "SUPER"], ["last", "VARCHAR(65535)"]]
ORC = ARROW[:2] + [["tiny", "SMALLINT"]] + ARROW[2:]
SCHEMAS = [
    ("infer.parquet", 3, "format as parquet serializetojson",
     ARROW + [["t", "TIME"], ["ns", "TIMESTAMP"]], []),
    ("infer-types.parquet", 1, "format as parquet serializetojson",
     [["u8", "SMALLINT"], ["u16", "INTEGER"], ["u32", "BIGINT"],
      ["u64", "BIGINT"], ["i8", "SMALLINT"], ["ns", "TIMESTAMP"],
      ["tz", "TIMESTAMP"], ["t32", "TIME"], ["tns", "TIME"],
      ["dec", "DECIMAL(38,0)"], ["h", "REAL"], ["m", "SUPER"],
      ["fixed", "VARBYTE"], ["uuid", "VARBYTE"]],
     ["column u64: unsigned numbers", "column ns: nanoseconds",
      "column dec: more digits than the 38", "column uuid: a UUID"]),
    ("infer-zlib.orc", 3, "format as orc serializetojson", ORC, []),
    ("infer-snappy.orc", 3, "format as orc serializetojson", ORC, []),
    ("infer-zstd.orc", 3, "format as orc serializetojson", ORC, []),
    ("infer.avro", 300,
     "format as avro 'auto ignorecase' timeformat 'epochmillisecs'",
     [["id", "BIGINT"], ["n", "INTEGER"], ["name", "VARCHAR(65535)"],
      ["day", "INTEGER"], ["at", "TIMESTAMP"], ["ok", "BOOLEAN"],
      ["f", "REAL"], ["d", "DOUBLE PRECISION"], ["tags", "SUPER"],
      ["kind", "VARCHAR(65535)"], ["cap", "SUPER"]],
     ["column day: days since 1970"]),
]


@pytest.mark.parametrize("name,rows,copy,columns,warnings", SCHEMAS,
                         ids=[row[0] for row in SCHEMAS])
def test_files_that_describe_themselves(name, rows, copy, columns, warnings,
                                        tmp_path):
    path = pathlib.Path(__file__).parent / name
    found = infer(str(path))
    assert found["format"] == path.suffix[1:] and found["rows"] == rows
    assert [[column["name"], column["type"]]
            for column in found["columns"]] == columns
    assert copy in found["copy"]
    for warning in warnings:
        assert any(line.startswith(warning) for line in found["warnings"])
    whole = path.read_bytes()
    for size in range(len(whole) - 1, 0, -len(whole) // 17):
        cut = tmp_path / f"cut{path.suffix}"
        cut.write_bytes(whole[:size])
        done = run(f"\\infer {cut.name}", cwd=tmp_path)
        assert done.returncode == 1 and done.stderr


def test_what_is_in_an_archive(tmp_path):
    """The largest member; COPY reads none, and workbooks are named."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w",
                         zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "hello")
        archive.writestr("data/orders.csv", HEADER + GOOD)
        archive.writestr("__MACOSX/orders.csv", "x" * 900000)
    found = infer(str(tmp_path / "a.zip"))
    assert found["format"] == "csv" and found["compression"] == "zip"
    assert found["rows"] == 20000 and found["header"]
    assert found["create"].startswith("create table a (\n    order_id")
    assert found["copy"] is None
    assert any("2 files; the largest, data/orders.csv" in line
               for line in found["warnings"])
    assert any("COPY cannot read zip" in line for line in found["warnings"])
    body = bytearray((tmp_path / "a.zip").read_bytes())
    body[body.index(b"data/orders.csv") + 300] ^= 255
    (tmp_path / "a.zip").write_bytes(bytes(body))
    done = run("\\infer a.zip", cwd=tmp_path)
    assert done.returncode == 1 and "a.zip: data/orders.csv" in done.stderr
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    done = run("\\infer x.xlsx", cwd=tmp_path)
    assert done.returncode == 1 and "is an Excel workbook" in done.stderr
    assert "save the sheet as CSV" in done.stderr


def test_too_many_columns_are_refused(tmp_path):
    names = ",".join(f"c{i}" for i in range(1601))
    (tmp_path / "wide.csv").write_text(
        names + "\n" + ",".join("5" for _ in range(1601)) + "\n")
    found = infer(str(tmp_path / "wide.csv"))
    assert found["create"] is None and found["copy"] is None
    assert len(found["columns"]) == 1601
    done = run("\\infer wide.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "1601 columns; a table of Redshift has 1,600" in done.stderr
    assert "cut the file into several" in done.stderr


def test_keys_are_proposed_with_the_reason(tmp_path):
    (tmp_path / "people.csv").write_text(
        "person_id,birth_date,joined,shop_id\n7,1990-01-01,2024-01-31,3\n")
    done = run("\\infer people.csv", cwd=tmp_path)
    assert "sortkey (joined)\nencode auto;" in done.stdout
    assert "sorted by joined, since" in done.stderr
    assert "distkey (shop_id) in the place of diststyle auto" in done.stderr
    (tmp_path / "names.csv").write_text("id,name\n1,Ann\n2,Bob\n")
    done = run("\\infer names.csv", cwd=tmp_path)
    assert "diststyle auto\nsortkey auto\nencode auto;" in done.stdout
