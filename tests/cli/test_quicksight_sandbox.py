"""\\quicksight against the sandbox's QuickSight, on a platform that \\platform
made with WithQuickSight: published in several shapes, again, changed, refilled,
shared, opened, reported as CSV and PDF, deleted; Ctrl-C in between, and the
next command takes it up. The stack's name begins as redsh's own ids do: its
data source is none of ours."""

import csv
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from sandbox_server import Sandbox

POLL = "--poll 50ms"
STACK = "redsh-sales"
USER = "arn:aws:quicksight:us-east-1:123456789012:user/default/sandbox"
ROWS = [("North", "2026-01-01", 10.5), ("South", "2026-01-01", 2.25),
        ("North", "2026-02-01", 7), ("O'Hara, \"Ltd\"", "2026-02-01", 0.75)]
BY_REGION = "select region, sum(revenue) as revenue from sales group by 1"
SHAPES = {
    "Total": ("select sum(revenue) as revenue from sales", "kpi"),
    "Regions": (BY_REGION, "bar"),
    "Months": ("select sold, sum(revenue) as revenue from sales group by 1",
               "line"),
    "Both": ("select region, sold::varchar as sold, sum(revenue) as revenue "
             "from sales group by 1, 2", "pivot"),
}


class Person:
    """Somebody with a platform, in a home of their own."""

    def __init__(self, home, kind):
        self.home = home
        self.kind = kind
        self.sandbox = Sandbox("--stack-step", "5")
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("AWS_", "XDG_"))}
        self.env |= self.sandbox.env | {"HOME": str(home)}
        self.run(rf"\platform init {STACK} --cidr 10.20.0.0/16"
                 + (" --serverless" if kind == "serverless" else ""))
        self.run(rf"\platform create {STACK} --yes {POLL}")
        values = ", ".join("('{}', '{}', {})".format(
            region.replace("'", "''"), *rest) for region, *rest in ROWS)
        self.ask("create table sales (region varchar(40), sold date, "
                 "revenue decimal(12,2))", f"insert into sales values {values}")

    def start(self, *commands):
        words = [os.path.abspath(os.environ["REDSH"]), "-X", "-At", "-v",
                 "ON_ERROR_STOP=1"]
        for command in commands:
            words += ["-c", command]
        return subprocess.Popen(words, cwd=self.home, env=self.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL)

    def run(self, *commands, fails=False):
        process = self.start(*commands)
        out, told = process.communicate(timeout=120)
        assert (process.returncode != 0) == fails, out + told
        assert "Sanitizer" not in told
        return out + told

    def ask(self, *commands, **how):
        """In the platform's warehouse."""
        return self.run(rf"\c @{STACK}", *commands, **how)

    def interrupt(self, operation, *commands):
        """Ctrl-C while that operation's answer does not come."""
        self.sandbox.call("fault", "add", "--op", operation, "stall-reply")
        process = self.start(rf"\c @{STACK}", *commands)
        while not self.stalls():
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=60)
        assert process.returncode != 0, out + told
        self.sandbox.call("fault", "clear")
        return out + told

    def stalls(self):
        """Has the one rule acted?"""
        heads, row = [line.split("\t") for line in self.sandbox.call(
            "fault", "list").splitlines()]
        return row[heads.index("acted")] != "0"

    def client(self):
        return pytest.importorskip("quicksight_client").QuickSight(
            self.sandbox)

    def hold(self, held):
        """Does QuickSight leave what takes time?"""
        path = self.sandbox.dir / "quicksight.tsv"
        path.write_text("setting\tvalue\n" + "work\theld\n" * held)

    def newest(self, data_set):
        """Of its ingestions."""
        return self.client().list_ingestions(DataSetId=data_set)[
            "Ingestions"][0]

    def rows(self, verb):
        return [line.split("|") for line in
                self.run(rf"\quicksight {verb}").splitlines()]

    def names(self, verb):
        return sorted(row[0] for row in self.rows(verb) if len(row) > 1)


@pytest.fixture(scope="module", params=["cluster", "serverless"], name="me")
def make_me(request, tmp_path_factory):
    person = Person(tmp_path_factory.mktemp("qs"), request.param)
    yield person
    person.sandbox.stop()


def report(me, name):
    """Rows of a CSV report, numbers as numbers."""
    with open(me.home / f"{name}.csv", encoding="utf-8-sig",
              newline="") as file:
        _, *rows = csv.reader(file)
    return sorted([number(value) for value in row] for row in rows)


def measures(rows):
    return sorted(row[-1] for row in rows)


def number(value):
    return float(value) if re.fullmatch(r"-?[\d.]+", value) else value


def answer(me, query):
    told = me.ask(r"\pset format csv", r"\pset tuples_only on",
                  r"\o answer.csv", query)
    with open(me.home / "answer.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows, told
    return sorted([number(value) for value in row] for row in rows)


def test_a_platform_without_a_way_in_is_refused(me):
    told = me.ask(rf"\quicksight publish Lost ({BY_REGION})", fails=True)
    assert re.search(r"private, and QuickSight in us-east-1 has no VPC "
                     r"connection to vpc-[0-9a-f]+\n", told), told
    assert f"WithQuickSight = yes and QuickSightUserArn = {USER} in" in told
    assert me.names("datasources") == me.names("datasets") == []


def test_the_platform_brings_the_data_source(me):
    with open(me.home / STACK / "platform.conf", "a",
              encoding="utf-8") as file:
        file.write(f"WithQuickSight = yes\nQuickSightUserArn = {USER}\n")
    me.run(rf"\platform update {STACK} --yes {POLL}")
    assert me.names("datasources") == [STACK]


def test_each_shape_reports_what_the_query_says(me):
    for name in SHAPES if me.kind == "cluster" else ["Both"]:
        live_and_die(me, name)


def live_and_die(me, name):
    """Published, again, changed, deleted."""
    query, kind = SHAPES[name]
    publish = rf"\quicksight publish {name} ({query}"
    told = me.ask(publish + ")", publish + ")",
                  rf"\quicksight report {name} --csv one.csv",
                  publish + " having sum(revenue) > 8)",
                  rf"\quicksight report {name} --csv two.csv",
                  r"\quicksight dashboards", r"\quicksight datasets")
    published, again, changed = re.findall(rf'Dashboard "{name}" (.*)\n', told)
    assert published == "published." and changed == "updated."
    assert "nothing changed" in again
    assert f"  {name}: {kind}" in told
    assert "Data source" not in told        # the stack's is there
    rows = answer(me, query)
    assert measures(report(me, "one")) == measures(rows)
    assert measures(report(me, "two")) == [
        value for value in measures(rows) if value > 8]
    if name != "Months":                    # dates are written otherwise
        assert report(me, "one") == rows
    assert told.count(f"\n{name}|") == 2     # one dashboard, one data set
    told = me.run(rf"\quicksight delete {name} --yes",
                  r"\quicksight dashboards", r"\quicksight datasets",
                  r"\quicksight datasources")
    assert f'Deleted: dashboard "{name}", its analysis, 1 data set.' in told
    assert f"{name}|" not in told and "Its data source" not in told
    assert told.count(f"{STACK}|REDSHIFT|") == 1


def test_spice_is_filled_anew(me):
    told = me.ask(rf"\quicksight publish Regions --spice ({BY_REGION})")
    assert "3 rows in SPICE" in told
    me.ask("insert into sales values ('West', '2026-03-01', 100)")
    told = me.interrupt("DescribeIngestion", r"\quicksight refresh Regions")
    assert "QuickSight goes on by itself" in told
    assert "Regions: 4 rows." in me.run(r"\quicksight refresh Regions")
    me.run(r"\quicksight report Regions --csv spice.csv")
    assert report(me, "spice") == answer(me, BY_REGION)
    me.ask("delete from sales where region = 'West'")
    me.run(r"\quicksight delete Regions --yes")


def test_a_filling_that_was_cut_off_is_taken_up(me):
    """Ctrl-C while SPICE is filled; then it fails, and later is cancelled."""
    publish = rf"\quicksight publish Regions --spice ({BY_REGION})"
    me.hold(True)
    told = me.interrupt("DescribeIngestion", publish)
    assert "publish it again" in told
    client = me.client()
    (name,) = [one["DataSetId"] for one in
               client.list_data_sets()["DataSetSummaries"]]
    assert me.newest(name)["IngestionStatus"] == "INITIALIZED"
    me.ask("alter table sales rename to gone")
    me.hold(False)
    while me.newest(name)["IngestionStatus"] != "FAILED":
        time.sleep(0.02)
    me.ask("alter table gone rename to sales")
    told = me.ask(publish)
    assert "The last filling of SPICE failed (Regions: the query names a " \
        "table" in told and "it is filled again" in told
    assert "3 rows in SPICE; " in told
    me.hold(True)
    me.interrupt("DescribeIngestion", r"\quicksight refresh Regions")
    client.cancel_ingestion(DataSetId=name,
                            IngestionId=me.newest(name)["IngestionId"])
    me.hold(False)
    told = me.ask(publish)
    assert "cancelled (Regions): it is filled again" in told
    told = me.ask(publish)
    assert "3 rows in SPICE, read " in told and "nothing changed" in told
    me.run(r"\quicksight delete Regions --yes")


def test_a_dashboard_is_shared_opened_and_printed(me):
    me.ask(rf"\quicksight publish Regions ({BY_REGION})")
    mine = me.run(r"\quicksight permissions Regions")
    assert USER.rsplit("/", maxsplit=1)[1] in mine
    told = me.run(r"\quicksight permissions Regions grant nobody", fails=True)
    assert 'QuickSight has no user or group "nobody"' in told
    assert "there are: sandbox" in told
    me.client().create_group(Namespace="default", GroupName="sales-team")
    told = me.run(r"\quicksight permissions Regions grant sales-team")
    assert "sales-team|group|look\n" in told
    told = me.run(r"\quicksight permissions Regions revoke sales-team")
    assert "sales-team" not in told
    told = me.run(r"\quicksight permissions Regions revoke sandbox",
                  r"\quicksight permissions Regions grant sandbox --owner")
    assert "sandbox" in told
    told = me.run(r"\quicksight open Regions")
    assert re.search(r"https://us-east-1\.quicksight\.aws\.amazon\.com/sn/"
                     r"dashboards/redsh-regions-[0-9a-f]{8}\n", told)
    assert "The second works without one" in told
    # A report that is cut off leaves the old file, and the next one is whole.
    (me.home / "r.pdf").write_text("old")
    before = sorted(os.listdir(me.home))
    me.interrupt("DescribeDashboardSnapshotJob",
                 r"\quicksight report Regions --pdf r.pdf")
    assert (me.home / "r.pdf").read_text() == "old"
    assert sorted(os.listdir(me.home)) == before
    me.run(r"\quicksight report Regions --pdf r.pdf")
    assert (me.home / "r.pdf").read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-layout", me.home / "r.pdf", "-"],
                              check=True, capture_output=True).stdout.decode()
        for region, revenue in answer(me, BY_REGION):
            assert re.search(rf"{re.escape(region)} +{revenue:.2f}\b", text), \
                text
    me.run(r"\quicksight delete Regions --yes")


def test_a_delete_that_was_cut_off_goes_on(me):
    me.ask(rf"\quicksight publish Regions ({BY_REGION})")
    delete = r"\quicksight delete Regions --yes"
    assert "the same command deletes the rest" in me.interrupt(
        "DeleteDashboard", delete)
    assert me.names("dashboards") == [] and me.names("datasets") == ["Regions"]
    assert "the same command deletes the rest" in me.interrupt(
        "DeleteDataSet", delete)
    assert me.names("datasets") == []
    told = me.run(delete)
    assert 'Deleted: what is left of "Regions": its analysis.' in told
    assert 'no dashboard "Regions"' in me.run(delete, fails=True)
    assert me.names("datasources") == [STACK]


def test_a_table_that_is_not_there_makes_nothing(me):
    told = me.ask(r"\quicksight publish Lost nowhere", fails=True)
    assert r"\dt *.* lists the tables" in told
    assert me.names("dashboards") == me.names("datasets") == []


def our_own_source(me):
    """It takes the platform's way in; a delete that was cut off behind the data
    sets takes it up."""
    assert 'Data source "' in me.ask(rf"\quicksight publish Own ({BY_REGION})")
    client = me.client()
    (own,) = [row[-1] for row in me.rows("datasources") if len(row) > 1]
    found = client.describe_data_source(DataSourceId=own)["DataSource"]
    (way,) = client.list_vpc_connections()["VPCConnectionSummaries"]
    assert found["VpcConnectionProperties"] == {"VpcConnectionArn": way["Arn"]}
    delete = r"\quicksight delete Own --yes"
    for operation in ("DeleteDataSet", "DeleteDataSource"):
        assert "the same command deletes the rest" in me.interrupt(
            operation, delete)
        assert me.names("dashboards") == me.names("datasets") == []
    told = me.run(delete)
    assert 'Deleted: what is left of "Own": its analysis.' in told
    assert me.names("datasources") == []


def test_the_platform_goes_and_its_data_source_with_it(me):
    if me.kind == "serverless":             # somebody removed it by hand
        me.client().delete_data_source(DataSourceId=STACK)
        assert me.names("datasources") == []
        our_own_source(me)
    me.run(rf"\platform delete {STACK} --yes {STACK} --with-data {POLL}")
    assert me.names("datasources") == []
