"""Every request that \\quicksight sends, against AWS's own model of the API.

PEER_PYTHON names a Python with a newer botocore than Debian's (tests/peer/run
makes one)."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
from fake_quicksight import (  # noqa: E402
    FakeQuickSight, publish, redsh)
from private_postgres import Server  # noqa: E402

MODEL = pathlib.Path(__file__).parent / "quicksight_model.py"
PYTHON = os.environ.get("PEER_PYTHON", sys.executable)

ROWS = ("(values (date '2026-01-31', 'North', 'Books', 3, 12.5::numeric(9,2),"
        " 1.5::float8, true, timestamp '2026-01-31 10:00', 2026)) as t "
        "(day, region, product, sold, revenue, weight, paid, seen_at, year)")
WIDE = ", ".join(f"{n} as column_{n}" for n in range(200))
LONG = "x" * 63

# name of the dashboard, what is published
DASHBOARDS = {
    "line": f"(select day, revenue from {ROWS})",
    "line and bars": f"(select day, region, revenue from {ROWS})",
    "bars": f"(select region, revenue, sold, weight from {ROWS})",
    "pivot": f"(select region, product, revenue, sold from {ROWS})",
    "kpi": f"(select sum(revenue) as revenue from {ROWS})",
    "scatter": f"(select revenue, weight from {ROWS})",
    "counted": f"(select region from {ROWS})",
    "counted days": f"(select day from {ROWS})",
    "counted numbers": f"(select year from {ROWS})",
    "yes or no": f"(select paid, sold from {ROWS})",
    "everything": f"(select * from {ROWS})",
    "asked kpi": f"(select revenue, sold, weight, day from {ROWS}) as kpi",
    "asked bar": f"(select day, region, revenue from {ROWS}) as bar",
    "asked hbar": f"(select region, revenue from {ROWS}) as hbar",
    "asked line": f"(select region, revenue from {ROWS}) as line",
    "asked area": f"(select day, region, revenue from {ROWS}) as area",
    "asked pie": f"(select region, revenue from {ROWS}) as pie",
    "asked pivot": f"(select day, revenue from {ROWS}) as pivot",
    "asked heat": f"(select region, product, revenue from {ROWS}) as heat",
    "asked scatter":
        f"(select region, revenue, weight from {ROWS}) as scatter",
    "asked hist": f"(select revenue from {ROWS}) as hist",
    "asked table": f"(select region, revenue from {ROWS}) as table",
    "spice": f"(select region, revenue from {ROWS}) --spice",
    "wide": f"(select {WIDE})",
    "awkward": f"(select 1 as \"a \"\"b\"\" 'c'\", 'x' as \"{LONG}\", "
               "2 as \"Grün – größer\", 'y' as \"../..\", 'z' as \"a:b\")",
    "Ünïcode/../x": f"(select region, revenue from {ROWS})",
    "N" * 300: f"(select region, revenue from {ROWS})",
    "a table": "sold",
}

FILE = f"""-- # Several
-- ## First
-- {"Long text. " * 200}
-- \\chart area day revenue by region --title 'My title'
-- \\chart hist revenue
select * from {ROWS};
-- ## First
select region, sold from {ROWS};
select 7 as lucky;
"""


@pytest.fixture(scope="module")
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def asked(server, tmp_path_factory):
    """All requests of 30 dashboards, made, changed, used and deleted."""
    fake = FakeQuickSight()
    folder = tmp_path_factory.mktemp("quicksight")
    (folder / "several.sql").write_text(FILE)

    def run(line, *more):
        code, _, told = redsh(server, fake, rf"\quicksight {line}", *more)
        assert code == 0, (line, told)

    redsh(server, fake, "create table sold (day date, region text, "
          "revenue numeric, shape bytea)")
    for name, what in DASHBOARDS.items():
        code, _, told = publish(server, fake, what, name=f"'{name}'")
        assert code == 0, (name, told)
    code, _, told = publish(server, fake, f"{folder}/several.sql",
                            name="Several")
    assert code == 0, told
    code, _, told = publish(server, fake, "(select 'a' as other, 1 as n)",
                            name="line")
    assert code == 0, told
    role = "arn:aws:iam::123456789012:role/quicksight"
    fake.sources.clear()
    code, _, told = redsh(
        server, fake, rf"\quicksight publish byrole --role {role} "
        "--vpc arn:aws:quicksight:eu-west-1:123456789012:vpcConnection/v "
        "(select 1 as n)")
    assert code == 0, told
    run("refresh spice")
    run("permissions bars grant bob analysts --owner")
    run("permissions bars revoke bob")
    run("open bars")
    run(f"report bars --pdf {folder}/bars.pdf")
    run(f"report bars --csv {folder}/bars.csv")
    for verb in ("datasources", "datasets", "dashboards", "users"):
        run(verb)
    run("delete bars --yes")
    # Nothing else reads that data source then.
    fake.sets = {name: one for name, one in fake.sets.items()
                 if name.startswith("redsh-byrole-")}
    run("delete byrole --yes")
    fake.close()
    return fake.asked


def test_every_request_is_as_the_model_says(asked):
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    done = subprocess.run([PYTHON, MODEL], input=lines, capture_output=True,
                          check=False, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[:4000] + done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["CreateDashboard"] == len(DASHBOARDS) + 2
    assert seen["UpdateDashboard"] == 1
    for operation in ("CreateDataSource", "CreateDataSet", "CreateIngestion",
                      "ListIngestions", "ListGroups",
                      "CreateAnalysis", "UpdateAnalysis",
                      "UpdateDashboardPublishedVersion",
                      "UpdateDashboardPermissions",
                      "GenerateEmbedUrlForRegisteredUser", "DeleteDashboard",
                      "DeleteAnalysis", "DeleteDataSet", "DeleteDataSource"):
        assert seen.get(operation), operation


def definitions(asked):
    return [body["Definition"] for _, _, _, body in asked
            if body and "Definition" in body]


def fields_in(value):
    """All FieldId definitions: those beside a column in field wells."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.endswith(("DimensionField", "MeasureField")):
                yield inner["FieldId"]
            else:
                yield from fields_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from fields_in(inner)


def test_ids_are_unique_and_what_is_named_is_there(asked):
    for definition in definitions(asked):
        declared = [one["Identifier"] for one in
                    definition["DataSetIdentifierDeclarations"]]
        assert len(set(declared)) == len(declared)
        seen = set()
        for sheet in definition["Sheets"]:
            placed = {one["ElementId"] for one in sheet["Layouts"][0]
                      ["Configuration"]["GridLayout"]["Elements"]}
            visuals = [next(iter(one.values())) for one in sheet["Visuals"]]
            assert placed == {one["VisualId"] for one in visuals}
            for visual in visuals:
                assert visual["VisualId"] not in seen
                seen.add(visual["VisualId"])
                fields = list(fields_in(visual["ChartConfiguration"]
                                        ["FieldWells"]))
                assert len(set(fields)) == len(fields)
        filters = {next(iter(one.values()))["FilterId"]
                   for group in definition.get("FilterGroups", [])
                   for one in group["Filters"]}
        controls = {next(iter(one.values()))["SourceFilterId"]
                    for sheet in definition["Sheets"]
                    for one in sheet.get("FilterControls", [])}
        assert filters == controls


def test_elements_do_not_lie_on_each_other(asked):
    for definition in definitions(asked):
        for sheet in definition["Sheets"]:
            taken = set()
            for one in (sheet["Layouts"][0]["Configuration"]["GridLayout"]
                        ["Elements"]):
                assert one["ColumnIndex"] + one["ColumnSpan"] <= 36
                cells = {(row, column)
                         for row in range(one["RowIndex"],
                                          one["RowIndex"] + one["RowSpan"])
                         for column in range(one["ColumnIndex"],
                                             one["ColumnIndex"] +
                                             one["ColumnSpan"])}
                assert not taken & cells
                taken |= cells


def test_queries_end_without_a_semicolon(asked):
    for method, path, _, body in asked:
        if method == "POST" and path.endswith("/data-sets"):
            (table,) = body["PhysicalTableMap"].values()
            assert not table["CustomSql"]["SqlQuery"].rstrip().endswith(";")
