"""COPY of the sandbox against PostgreSQL's own COPY FROM STDIN of the same
file, into the same private PostgreSQL, in turn; and the gateway's memory.

usage: REDSH_SANDBOX=./redsh-sandbox /usr/bin/python3 tests/bench/copy_speed.py
	ROWS=1000000	rows of the file
	RUNS=3		pairs of runs
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
os.environ.setdefault("REDSH_SHARE", str(
    pathlib.Path(__file__).resolve().parents[2] / "share"))

from redshift_loads import Loads  # noqa: E402

ROWS = int(os.environ.get("ROWS", "1000000"))
RUNS = int(os.environ.get("RUNS", "3"))
COLUMNS = ("id int, n bigint, amount numeric(12,2), ratio float8,"
           " name varchar(40), code varchar(9), at timestamp, even boolean")


def line(i, mark):
    code = str(i % 10) if i % 10 else ""
    return mark.join((
        str(i), str(i * 7), f"{i * 1.25:.2f}", repr(i / 3.0),
        f"customer {i}", code,
        f"2024-01-{1 + i % 28:02d} {i % 24:02d}:{i % 60:02d}:07",
        "t" if i % 2 else "f")) + "\n"


def memory_kib(pid):
    """(now, at its most) of the gateway."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    found = dict(row.split(":") for row in text.splitlines() if ":" in row)
    return tuple(int(found[name].split()[0]) for name in ("VmRSS", "VmHWM"))


class Bench:
    def __init__(self):
        self.loads = Loads()
        self.loads.run(f"create table t ({COLUMNS})")
        self.socket = next(self.loads.dir.rglob(".s.PGSQL.5432")).parent
        self.pid = self.gateway()

    def gateway(self):
        program = os.path.realpath(self.loads.program)
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
                if os.path.realpath(entry / "exe") == program and \
                        str(self.loads.dir).encode() in words:
                    return int(entry.name)
            except OSError:
                continue
        return None

    def empty(self):
        self.loads.run("truncate t")

    def own(self, path, options):
        """PostgreSQL's, by psql over its socket."""
        self.empty()
        start = time.monotonic()
        with open(path, "rb") as file:
            subprocess.run(
                ["psql", "-Xqh", self.socket, "-U", "rdsdb", "-d", "dev",
                 "-c", f"copy t from stdin {options}"],
                stdin=file, check=True)
        return time.monotonic() - start

    def redshift(self, key, options):
        self.empty()
        start = time.monotonic()
        self.loads.run(f"copy t from 's3://lake/{key}' iam_role default"
                       f" {options}")
        return time.monotonic() - start


def main():
    bench = Bench()
    folder = bench.loads.dir
    try:
        for mark, name in ((",", "csv"), ("|", "text")):
            with open(folder / name, "w", encoding="utf-8") as file:
                file.writelines(line(i, mark) for i in range(ROWS))
        subprocess.run(["gzip", "-1k", folder / "csv"], check=True)
        bench.loads.s3.upload_file(str(folder / "csv"), "lake", "csv")
        bench.loads.s3.upload_file(str(folder / "csv.gz"), "lake", "gz")
        bench.loads.s3.upload_file(str(folder / "text"), "lake", "text")
        size = (folder / "csv").stat().st_size
        print(f"{ROWS} rows of 8 columns, {size / 1e6:.0f} MB")
        before = memory_kib(bench.pid) if bench.pid else None
        plain = "compupdate off statupdate off"
        cases = [("csv", "csv", "csv", f"csv {plain}"),
                 ("csv, all defaults", "csv", "csv", "csv"),
                 ("gzip", "csv", "gz", f"csv gzip {plain}"),
                 ("delimited", "text", "text", f"delimiter '|' {plain}")]
        for title, path, key, options in cases:
            theirs, ours = [], []
            own = "csv" if path == "csv" else "delimiter '|' null ''"
            for _ in range(RUNS):
                theirs.append(bench.own(folder / path, own))
                ours.append(bench.redshift(key, options))
            theirs, ours = statistics.median(theirs), statistics.median(ours)
            print(f"{title:20} COPY {ours:6.2f} s   FROM STDIN {theirs:6.2f}"
                  f" s   speed {theirs / ours:.2f}")
        if before:
            print("gateway KiB before, after, at its most:", before[0],
                  *memory_kib(bench.pid))
    finally:
        bench.loads.stop()


main()
