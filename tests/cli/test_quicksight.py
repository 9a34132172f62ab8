"""\\quicksight against a server that keeps what it is given."""

import os
import subprocess

import pytest

from fake_quicksight import ACCOUNT, FakeQuickSight, Failure
from private_postgres import Server

REDSH = os.environ["REDSH"]
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:sales-AbCdEf"
SALES = ("select date '2026-01-01' as month, text 'North' as region, "
         "1.5::numeric(12,2) as total_revenue")


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def quicksight():
    fake = FakeQuickSight()
    yield fake
    fake.close()


def redsh(server, quicksight, *lines, stdin=None, **variables):
    environment = {
        "PATH": os.environ["PATH"], "PGHOST": str(server.dir),
        "PGUSER": "tester", "PGDATABASE": "postgres", "LC_ALL": "C.UTF-8",
        "HOME": str(server.dir), "AWS_ENDPOINT_URL": quicksight.url,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1",
        "AWS_MAX_ATTEMPTS": "1",
        **{name: os.environ[name] for name in
           ("REDSH_SHARE", "ASAN_OPTIONS", "UBSAN_OPTIONS")
           if name in os.environ}, **variables}
    arguments = [part for line in lines for part in ("-c", line)]
    done = subprocess.run([REDSH, "-X", *arguments], env=environment,
                          input=stdin, capture_output=True, check=False,
                          timeout=120, text=True)
    return done.returncode, done.stdout, done.stderr


def publish(server, quicksight, what, name="Sales", **more):
    return redsh(server, quicksight,
                 rf"\quicksight publish {name} --secret {SECRET} {what}",
                 **more)


def sheets_of(quicksight, number=-1):
    (dashboard,) = quicksight.dashboards.values()
    return dashboard["versions"][number]["Definition"]["Sheets"]


def kinds_of(sheet):
    return [next(iter(visual)) for visual in sheet["Visuals"]]


def test_a_query_is_published(server, quicksight):
    code, out, told = publish(server, quicksight, f"({SALES})")
    assert code == 0, told
    assert 'Dashboard "Sales" published.' in out + told
    (source,) = quicksight.sources.values()
    assert source["DataSourceParameters"]["RedshiftParameters"]["Database"] \
        == "postgres"
    (data_set,) = quicksight.sets.values()
    assert data_set["ImportMode"] == "DIRECT_QUERY"
    (table,) = data_set["PhysicalTableMap"].values()
    assert table["CustomSql"]["SqlQuery"] == SALES
    assert table["CustomSql"]["Columns"] == [
        {"Name": "month", "Type": "DATETIME"},
        {"Name": "region", "Type": "STRING"},
        {"Name": "total_revenue", "Type": "DECIMAL", "SubType": "FIXED"}]
    (sheet,) = sheets_of(quicksight)
    assert kinds_of(sheet) == ["LineChartVisual", "BarChartVisual",
                               "TableVisual"]
    assert len(quicksight.analyses) == 1


def test_the_same_again_changes_nothing(server, quicksight):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    quicksight.asked.clear()
    code, out, told = publish(server, quicksight, f"({SALES})")
    assert code == 0, told
    assert "nothing changed" in out + told
    assert {method for method, *_ in quicksight.asked} == {"GET"}


def test_another_query_is_an_update(server, quicksight):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    before = set(quicksight.sets)
    code, out, told = publish(server, quicksight,
                              "(select text 'a' as city, 1 as visitors)")
    assert code == 0, told
    assert 'Dashboard "Sales" updated.' in out + told
    (dashboard,) = quicksight.dashboards.values()
    assert dashboard["published"] == 2
    assert len(quicksight.sets) == 1 and not before & set(quicksight.sets)
    assert len(quicksight.analyses) == 1
    assert kinds_of(sheets_of(quicksight)[0]) == ["BarChartVisual",
                                                  "TableVisual"]


@pytest.mark.parametrize("failure, words", [
    (Failure("UnsupportedUserEditionException", "no", 403), "STANDARD"),
    (Failure("ThrottlingException", "Rate exceeded", 429), "wait a minute"),
    (Failure("AccessDeniedException", "not authorized", 401),
     "quicksight:CreateDashboard"),
])
def test_failures_say_the_next_step(server, quicksight, failure, words):
    quicksight.fail.append(("POST", "/dashboards/", failure))
    code, _, told = publish(server, quicksight, f"({SALES})")
    assert code != 0
    assert words in told
    quicksight.fail.clear()
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    assert len(quicksight.sets) == 1
