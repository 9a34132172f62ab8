"""The sandbox's QuickSight as boto3 uses it, which shares no line with redsh."""

import contextlib
import copy
import json
import os
import re
import subprocess
import time

import pytest

from sandbox_server import Sandbox

boto3 = pytest.importorskip("boto3")
quicksight_client = pytest.importorskip("quicksight_client")

ACCOUNT = quicksight_client.ACCOUNT
USER = f"arn:aws:quicksight:us-east-1:{ACCOUNT}:user/default/sandbox"
OWNS = {
    "data_source": ["DescribeDataSource", "DescribeDataSourcePermissions",
                    "PassDataSource", "UpdateDataSource", "DeleteDataSource",
                    "UpdateDataSourcePermissions"],
    "data_set": ["DescribeDataSet", "DescribeDataSetPermissions",
                 "PassDataSet", "DescribeIngestion", "ListIngestions",
                 "UpdateDataSet", "DeleteDataSet", "CreateIngestion",
                 "CancelIngestion", "UpdateDataSetPermissions"],
    "analysis": ["RestoreAnalysis", "UpdateAnalysisPermissions",
                 "DeleteAnalysis", "DescribeAnalysisPermissions",
                 "QueryAnalysis", "DescribeAnalysis", "UpdateAnalysis"],
    "dashboard": ["DescribeDashboard", "ListDashboardVersions",
                  "UpdateDashboardPermissions", "QueryDashboard",
                  "UpdateDashboard", "DeleteDashboard",
                  "DescribeDashboardPermissions",
                  "UpdateDashboardPublishedVersion"],
}
COLUMNS = [{"Name": "month", "Type": "DATETIME"},
           {"Name": "region", "Type": "STRING"},
           {"Name": "amount", "Type": "DECIMAL", "SubType": "FIXED"}]
QUERY = "select month, region, amount from sales"


def owner(kind, user=USER):
    return [{"Principal": user, "Actions": [
        "quicksight:" + action for action in OWNS[kind]]}]


def arn(kind, name):
    return f"arn:aws:quicksight:us-east-1:{ACCOUNT}:{kind}/{name}"


class Client(quicksight_client.QuickSight):
    """With what the tests here make."""

    def settle(self, look):
        """What look gives once it is no longer in progress."""
        for _ in range(3000):
            found = look()
            status = found.get("Status") or found.get("IngestionStatus")
            if not status.endswith("_IN_PROGRESS") and status not in (
                    "INITIALIZED", "QUEUED", "RUNNING"):
                return found
            time.sleep(0.01)
        raise AssertionError("never settled")

    def source(self, name, **changes):
        self.create_data_source(**self.source_of(name, **changes))
        return self.settle(lambda: self.describe_data_source(
            DataSourceId=name)["DataSource"])

    def source_of(self, name, **changes):
        env = self.server.env
        return {
            "DataSourceId": name, "Name": "Redshift " + name,
            "Type": "REDSHIFT", "DataSourceParameters": {
                "RedshiftParameters": {
                    "Host": env["PGHOST"], "Port": int(env["PGPORT"]),
                    "Database": env["PGDATABASE"]}},
            "Credentials": {"CredentialPair": {
                "Username": env["PGUSER"], "Password": env["PGPASSWORD"]}},
            "Permissions": owner("data_source"), **changes}

    def dashboard(self, name, definition, **more):
        self.create_dashboard(DashboardId=name, Name=name,
                              Definition=definition, **more)
        return self.settle(lambda: self.describe_dashboard(
            DashboardId=name)["Dashboard"]["Version"])


def set_of(name, **changes):
    return {
        "DataSetId": name, "Name": "Sales " + name,
        "ImportMode": "DIRECT_QUERY", "PhysicalTableMap": {"q1": {
            "CustomSql": {"DataSourceArn": arn("datasource", "rs"),
                          "Name": "q1", "SqlQuery": QUERY,
                          "Columns": COLUMNS}}},
        "Permissions": owner("data_set"), **changes}


def column(name):
    return {"DataSetIdentifier": "ds", "ColumnName": name}


def table(visual="v-table"):
    return {"TableVisual": {"VisualId": visual, "ChartConfiguration": {
        "FieldWells": {"TableUnaggregatedFieldWells": {"Values": [
            {"FieldId": f"f{number}", "Column": column(name["Name"])}
            for number, name in enumerate(COLUMNS)]}}}}}


def bars(visual="v-bar", category="region", value="amount"):
    return {"BarChartVisual": {
        "VisualId": visual,
        "Title": {"Visibility": "VISIBLE", "FormatText": {
            "PlainText": "Amount by region"}},
        "ChartConfiguration": {
            "Orientation": "VERTICAL",
            "FieldWells": {"BarChartAggregatedFieldWells": {
                "Category": [{"CategoricalDimensionField": {
                    "FieldId": "c", "Column": column(category)}}],
                "Values": [{"NumericalMeasureField": {
                    "FieldId": "v", "Column": column(value),
                    "AggregationFunction": {
                        "SimpleNumericalAggregation": "SUM"}}}]}}}}}


def place(visual, left=0, top=0, width=18):
    return {"ElementId": visual, "ElementType": "VISUAL",
            "ColumnIndex": left, "ColumnSpan": width, "RowIndex": top,
            "RowSpan": 12}


def definition_of(*visuals, **more):
    sheet = {"SheetId": "s1", "Name": "Sheet 1",
             "ContentType": "INTERACTIVE", "Visuals": list(visuals)}
    sheet.update(more.pop("sheet", {}))
    return {"DataSetIdentifierDeclarations": [
        {"Identifier": "ds", "DataSetArn": arn("dataset", "q1")}],
        "Sheets": [sheet], **more}


def run(server, script):
    with contextlib.closing(server.connect()) as connection:
        connection.cursor().execute(script)


@pytest.fixture(scope="module", name="server")
def make_server():
    server = Sandbox()
    run(server,
        "create table sales (month date, region varchar(20),"
        " amount decimal(10,2));"
        "insert into sales values ('2026-01-01', 'north', 10.50),"
        " ('2026-01-01', 'south', 20), ('2026-02-01', 'north', 30.25),"
        " ('2026-02-01', 'south', null)")
    yield server
    server.stop()


@pytest.fixture(scope="module", name="qs")
def make_qs(server):
    qs = Client(server)
    assert qs.source("rs")["Status"] == "CREATION_SUCCESSFUL"
    qs.create_data_set(**set_of("q1"))
    return qs


def test_a_data_source_connects_with_what_it_was_given(server, qs):
    found = qs.describe_data_source(DataSourceId="rs")["DataSource"]
    assert found["Arn"] == arn("datasource", "rs")
    assert "Credentials" not in found and "Password" not in str(found)
    good = qs.source_of("x")["DataSourceParameters"]["RedshiftParameters"]
    for name, kind, changes in [
            ("bad-database", "GENERIC_SQL_FAILURE", {"Database": "nowhere"}),
            ("bad-host", "UNKNOWN_HOST", {"Host": "nowhere.example.com"}),
            ("far", "TIMEOUT", {"Host": "192.0.2.1"})]:
        made = qs.source(name, DataSourceParameters={
            "RedshiftParameters": {**good, **changes}})
        assert made["Status"] == "CREATION_FAILED"
        assert made["ErrorInfo"]["Type"] == kind, made["ErrorInfo"]
    made = qs.source("bad-password", Credentials={"CredentialPair": {
        "Username": server.env["PGUSER"], "Password": "wrong"}})
    assert made["ErrorInfo"]["Type"] == "ACCESS_DENIED"
    assert "wrong" not in made["ErrorInfo"]["Message"]
    qs.update_data_source(DataSourceId="bad-password", Name="now right",
                          Credentials=qs.source_of("x")["Credentials"])
    made = qs.settle(lambda: qs.describe_data_source(
        DataSourceId="bad-password")["DataSource"])
    assert made["Status"] == "UPDATE_SUCCESSFUL" and "ErrorInfo" not in made


def test_data_sets_are_prepared_on_the_warehouse(qs):
    found = qs.describe_data_set(DataSetId="q1")["DataSet"]
    assert [(item["Name"], item["Type"]) for item in found["OutputColumns"]] \
        == [("month", "DATETIME"), ("region", "STRING"),
            ("amount", "DECIMAL")]

    def fails(columns=None, **sql):
        changed = set_of("bad")
        inner = changed["PhysicalTableMap"]["q1"]["CustomSql"]
        inner.update(sql)
        inner["Columns"] = COLUMNS if columns is None else columns
        code, status, message = qs.fails("create_data_set", **changed)
        return code, status, message

    for expected, arguments in [
            ("amount is given as STRING", {"columns": [
                COLUMNS[0], COLUMNS[1], {"Name": "amount",
                                         "Type": "STRING"}]}),
            ("no column nothing", {"columns": [
                {"Name": "nothing", "Type": "STRING"}]}),
            ("is there twice", {"columns": [COLUMNS[0], COLUMNS[0]]}),
            ("must have columns", {"columns": []}),
            ("semicolon", {"SqlQuery": QUERY + " ;"}),
            ("cannot be prepared", {"SqlQuery": "select 1 from nothing"}),
            ("is no query", {"SqlQuery": "drop table sales"})]:
        code, status, message = fails(**arguments)
        assert (code, status) == ("InvalidParameterValueException", 400)
        assert expected in message
    assert fails(DataSourceArn=arn("datasource", "none"))[:2] == (
        "ResourceNotFoundException", 404)
    assert qs.fails("create_data_set", **set_of("q1"))[:2] == (
        "ResourceExistsException", 409)
    # What the sandbox lacks is refused with what to do instead.
    _, _, message = qs.fails("create_data_set", **set_of(
        "logical", LogicalTableMap={"l": {"Alias": "l", "Source": {
            "PhysicalTableId": "q1"}}}))
    assert message == ("the sandbox has no LogicalTableMap: join, filter and "
                       "rename in the query of CustomSql")


def test_spice_counts_the_rows_that_the_query_gives(server, qs):
    made = qs.create_data_set(**set_of("spice", ImportMode="SPICE"))
    look = lambda ingestion: qs.settle(lambda: qs.describe_ingestion(
        DataSetId="spice", IngestionId=ingestion)["Ingestion"])
    done = look(made["IngestionId"])
    assert done["IngestionStatus"] == "COMPLETED"
    assert done["RowInfo"]["RowsIngested"] == 4
    run(server, "insert into sales values ('2026-03-01', 'west', 1)")
    qs.create_ingestion(DataSetId="spice", IngestionId="second")
    assert look("second")["RowInfo"]["TotalRowsInDataset"] == 5
    run(server, "alter table sales rename to gone")
    qs.create_ingestion(DataSetId="spice", IngestionId="third")
    failed = look("third")
    run(server, "alter table gone rename to sales;"
                "delete from sales where region = 'west'")
    assert failed["ErrorInfo"]["Type"] == "SQL_TABLE_NOT_FOUND"
    listed = qs.list_ingestions(DataSetId="spice", MaxResults=2)
    assert [item["IngestionId"] for item in listed["Ingestions"]] \
        == ["third", "second"] and listed["NextToken"]
    assert qs.fails("create_ingestion", DataSetId="spice",
                    IngestionId="third")[0] == "ResourceExistsException"
    assert qs.fails("create_ingestion", DataSetId="q1", IngestionId="x")[0] \
        == "InvalidParameterValueException"


def test_an_update_is_seen_when_it_is_published(qs):
    version = qs.dashboard("board", definition_of(bars(), table(), sheet={
        "Layouts": [{"Configuration": {"GridLayout": {"Elements": [
            place("v-bar"), place("v-table", 18)]}}}]}),
        Permissions=owner("dashboard"))
    assert version["Status"] == "CREATION_SUCCESSFUL"
    assert version["VersionNumber"] == 1 and version["Errors"] == []
    qs.update_dashboard(DashboardId="board", Name="Board 2",
                        Definition=definition_of(table()))
    newest = qs.settle(lambda: qs.describe_dashboard(
        DashboardId="board", VersionNumber=2)["Dashboard"]["Version"])
    assert newest["Status"] == "CREATION_SUCCESSFUL"
    shown = qs.describe_dashboard(DashboardId="board")["Dashboard"]
    assert (shown["Name"], shown["Version"]["VersionNumber"]) == ("board", 1)
    qs.update_dashboard_published_version(DashboardId="board",
                                          VersionNumber=2)
    shown = qs.describe_dashboard(DashboardId="board")["Dashboard"]
    assert (shown["Name"], shown["Version"]["VersionNumber"]) == ("Board 2", 2)
    assert qs.fails("update_dashboard_published_version",
                    DashboardId="board", VersionNumber=3)[:2] \
        == ("ResourceNotFoundException", 404)
    assert len(qs.list_dashboard_versions(DashboardId="board")[
        "DashboardVersionSummaryList"]) == 2


@pytest.mark.parametrize("kind,definition", [
    ("DATA_SET_NOT_FOUND", {**definition_of(bars()),
                            "DataSetIdentifierDeclarations": [{
                                "Identifier": "ds", "DataSetArn": arn(
                                    "dataset", "nothing")}]}),
    ("COLUMN_TYPE_MISMATCH", definition_of(bars(value="region"))),
    ("COLUMN_TYPE_MISMATCH", definition_of(bars(category="month"))),
    ("COLUMN_REPLACEMENT_MISSING", definition_of(bars(value="nothing"))),
])
def test_errors_of_the_data_are_those_of_the_version(qs, kind, definition):
    name = f"errors-{time.monotonic_ns()}"
    version = qs.dashboard(name, definition)
    assert version["Status"] == "CREATION_FAILED"
    assert [error["Type"] for error in version["Errors"]] == [kind]
    assert qs.fails("update_dashboard_published_version", DashboardId=name,
                    VersionNumber=1)[0] == "InvalidParameterValueException"
    version = qs.dashboard(name + "-lenient", definition,
                           ValidationStrategy={"Mode": "LENIENT"})
    assert version["Status"] == "CREATION_SUCCESSFUL" and version["Errors"]


def filters(**scope):
    return [{"FilterGroupId": "g", "CrossDataset": "SINGLE_DATASET",
             "Filters": [{"CategoryFilter": {
                 "FilterId": "by-region", "Column": column("region"),
                 "Configuration": {"FilterListConfiguration": {
                     "MatchOperator": "CONTAINS",
                     "CategoryValues": ["north"]}}}}],
             "ScopeConfiguration": {"SelectedSheets": {
                 "SheetVisualScopingConfigurations": [{
                     "SheetId": "s1", "Scope": "ALL_VISUALS", **scope}]}}}]


def test_filters_are_of_sheets_and_visuals(qs):
    version = qs.dashboard("filtered", definition_of(
        bars(), FilterGroups=filters(Scope="SELECTED_VISUALS",
                                     VisualIds=["v-bar"])))
    assert version["Status"] == "CREATION_SUCCESSFUL", version


@pytest.mark.parametrize("text,definition", [
    ("element is there twice", definition_of(bars(), bars())),
    ("field is there twice", definition_of({"TableVisual": {
        "VisualId": "v", "ChartConfiguration": {"FieldWells": {
            "TableUnaggregatedFieldWells": {"Values": [
                {"FieldId": "f", "Column": column("month")},
                {"FieldId": "f", "Column": column("region")}]}}}}})),
    ("outside of the grid", definition_of(bars(), sheet={
        "Layouts": [{"Configuration": {"GridLayout": {"Elements": [
            place("v-bar", left=20)]}}}]})),
    ("no VISUAL of that name", definition_of(bars(), sheet={
        "Layouts": [{"Configuration": {"GridLayout": {"Elements": [
            place("v-other")]}}}]})),
    ("no data set of that name", {**definition_of(bars()),
                                  "DataSetIdentifierDeclarations": [{
                                      "Identifier": "other",
                                      "DataSetArn": arn("dataset", "q1")}]}),
    ("no sheet of that name", definition_of(
        bars(), FilterGroups=filters(SheetId="s2"))),
    ("no VISUAL of that name", definition_of(
        bars(), FilterGroups=filters(Scope="SELECTED_VISUALS",
                                     VisualIds=["v-other"]))),
    ("go with the scope", definition_of(
        bars(), FilterGroups=filters(Scope="SELECTED_VISUALS"))),
    ("goes with PAGINATED", definition_of(bars(), sheet={
        "ContentType": "PAGINATED", "Layouts": [{"Configuration": {
            "GridLayout": {"Elements": [place("v-bar")]}}}]})),
    ("has no sheet", {**definition_of(), "Sheets": []}),
])
def test_names_within_a_definition_are_checked_at_once(qs, text, definition):
    code, status, message = qs.fails(
        "create_dashboard", DashboardId="bad", Name="bad",
        Definition=definition)
    assert (code, status) == ("InvalidParameterValueException", 400)
    assert text in message
    assert qs.fails("describe_dashboard", DashboardId="bad")[1] == 404


def changed(definition, path, value):
    """A copy with one place changed; None takes it out."""
    *way, last = path
    copied = inner = copy.deepcopy(definition)
    for step in way:
        inner = inner[step]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return copied


VISUAL = ("Sheets", 0, "Visuals", 0)
CHART = VISUAL + ("BarChartVisual", "ChartConfiguration")


@pytest.mark.parametrize("path,value,code,text", [
    (("Sheets", 0, "SheetId"), None, "ValidationException",
     "'definition.sheets.1.member.sheetId' failed to satisfy constraint: "
     "Member must not be null"),
    (("Sheets", 0, "SheetId"), "a b", "ValidationException",
     "regular expression pattern"),
    (("Sheets", 0, "Name"), "", "ValidationException",
     "length greater than or equal to 1"),
    (("Sheets", 0, "ContentType"), "FUN", "ValidationException",
     "enum value set: [PAGINATED, INTERACTIVE]"),
    (("Sheets", 0, "Shets"), [], "ValidationException",
     "SheetDefinition has no member Shets"),
    (("Sheets",), "one", "SerializationException", "is not of type List"),
    (CHART + ("Orientation",), 1, "SerializationException",
     "is not of type String"),
    (VISUAL, {}, "ValidationException", "Only 1 member of"),
    (VISUAL, {**bars(), **table()}, "ValidationException",
     "Only 1 member of"),
    (CHART + ("FieldWells", "BarChartAggregatedFieldWells", "Values", 0), {},
     "ValidationException", "provided for structure MeasureField"),
])
def test_shapes_are_checked(qs, path, value, code, text):
    failed = qs.fails("create_dashboard", DashboardId="bad", Name="bad",
                      Definition=changed(definition_of(bars()), path, value))
    assert failed[:2] == (code, 400)
    assert text in failed[2]


def test_permissions_are_known_sets_of_known_users(qs):
    qs.dashboard("shared", definition_of(bars()))
    name = f"arn:aws:quicksight:us-east-1:{ACCOUNT}:user/default/reader"
    viewer = [{"Principal": name, "Actions": [
        "quicksight:" + action for action in (
            "DescribeDashboard", "ListDashboardVersions",
            "QueryDashboard")]}]
    change = lambda **grants: {"DashboardId": "shared", **grants}
    assert qs.fails("update_dashboard_permissions", **change(
        GrantPermissions=viewer))[0] == "InvalidParameterValueException"
    made = qs.register_user(Namespace="default", IdentityType="QUICKSIGHT",
                            UserName="reader", Email="r@example.com",
                            UserRole="READER")["User"]
    assert made["Arn"] == name
    qs.update_dashboard_permissions(**change(GrantPermissions=viewer))
    found = qs.search_dashboards(Filters=[{
        "Operator": "StringEquals", "Name": "QUICKSIGHT_USER",
        "Value": name}])["DashboardSummaryList"]
    assert [item["DashboardId"] for item in found] == ["shared"]
    for actions in (["quicksight:DescribeDashboard"], ["quicksight:Fly"],
                    ["s3:GetObject"]):
        assert qs.fails("update_dashboard_permissions", **change(
            GrantPermissions=[{"Principal": name, "Actions": actions}]))[0] \
            == "InvalidParameterValueException"
    answer = qs.update_dashboard_permissions(**change(
        RevokePermissions=viewer))
    assert answer["Permissions"] == []


def test_pages(qs):
    for number in range(5):
        qs.create_analysis(AnalysisId=f"a{number}", Name=f"Page {number}",
                           Definition=definition_of(bars()))
    env = qs.server.env
    client = boto3.client(
        "quicksight", endpoint_url=env["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"])
    pages = client.get_paginator("list_analyses").paginate(
        AwsAccountId=ACCOUNT, PaginationConfig={"PageSize": 2})
    seen = [item["AnalysisId"] for page in pages
            for item in page["AnalysisSummaryList"]]
    assert seen == [f"a{number}" for number in range(5)]
    assert qs.fails("list_analyses", NextToken="x")[:2] == (
        "InvalidNextTokenException", 400)
    deleted = qs.delete_analysis(AnalysisId="a0", RecoveryWindowInDays=7)
    assert deleted["DeletionTime"]
    assert qs.describe_analysis(AnalysisId="a0")["Analysis"]["Status"] \
        == "DELETED"
    qs.restore_analysis(AnalysisId="a0")
    assert qs.settle(lambda: qs.describe_analysis(
        AnalysisId="a0")["Analysis"])["Status"] == "CREATION_SUCCESSFUL"
    qs.delete_analysis(AnalysisId="a0", ForceDeleteWithoutRecovery=True)
    assert qs.fails("describe_analysis", AnalysisId="a0")[1] == 404


def job(*files, **more):
    return {"SnapshotConfiguration": {"FileGroups": [
        {"Files": [file]} for file in files]}, **more}


def csv_file(visual, sheet="s1"):
    return {"FormatType": "CSV", "SheetSelections": [{
        "SheetId": sheet, "SelectionScope": "SELECTED_VISUALS",
        "VisualIds": [visual]}]}


PDF = {"FormatType": "PDF", "SheetSelections": [{
    "SheetId": "s1", "SelectionScope": "ALL_VISUALS"}]}


def snapshot(qs, board, name, *files, **more):
    """The result, and what is behind each of its links."""
    qs.start_dashboard_snapshot_job(
        DashboardId=board, SnapshotJobId=name, **job(*files, **more))
    which = {"DashboardId": board, "SnapshotJobId": name}
    for _ in range(3000):
        found = qs.describe_dashboard_snapshot_job(**which)
        if found["JobStatus"] in ("COMPLETED", "FAILED"):
            break
        time.sleep(0.01)
    result = qs.describe_dashboard_snapshot_job_result(**which)
    if result["JobStatus"] == "FAILED":
        return result, []
    groups = result["Result"]["RegisteredUsers"][0]["FileGroups"]
    return result, [quicksight_client.fetch(one["S3Uri"])
                    for group in groups for one in group["S3Results"]
                    if one["S3Uri"].startswith("http")]


def test_a_csv_file_has_what_the_visual_shows(qs):
    qs.dashboard("csv", definition_of(bars(), table(), pivot()))
    _, (bar, rows, crossed) = snapshot(
        qs, "csv", "one", csv_file("v-bar"), csv_file("v-table"),
        csv_file("v-pivot"))
    assert bar[0] == 200 and bar[1]["Content-Type"] == "text/csv"
    assert bar[2].decode() == ("region,Sum of amount\r\nnorth,40.75\r\n"
                               "south,20.00\r\n")
    assert sorted(rows[2].decode().splitlines()) == [
        "2026-01-01,north,10.50", "2026-01-01,south,20.00",
        "2026-02-01,north,30.25", "2026-02-01,south,",
        "month,region,amount"]
    assert crossed[2].decode().splitlines() == [
        "region,month,Average of amount,Distinct count of region",
        "north,2026-01-01 00:00:00,20.37,1",
        "south,2026-01-01 00:00:00,20.00,1"]


def pivot():
    return {"PivotTableVisual": {"VisualId": "v-pivot", "ChartConfiguration": {
        "FieldWells": {"PivotTableAggregatedFieldWells": {
            "Rows": [{"CategoricalDimensionField": {
                "FieldId": "r", "Column": column("region")}}],
            "Columns": [{"DateDimensionField": {
                "FieldId": "m", "Column": column("month"),
                "DateGranularity": "YEAR"}}],
            "Values": [{"NumericalMeasureField": {
                "FieldId": "a", "Column": column("amount"),
                "AggregationFunction": {
                    "SimpleNumericalAggregation": "AVERAGE"}}},
                {"CategoricalMeasureField": {
                    "FieldId": "n", "Column": column("region"),
                    "AggregationFunction": "DISTINCT_COUNT"}}]}}}}}


def test_filters_and_order_are_those_of_the_definition(qs):
    values = {"NumericalMeasureField": {"FieldId": "v",
                                        "Column": column("amount")}}
    qs.dashboard("values", definition_of({"HistogramVisual": {
        "VisualId": "v-hist", "ChartConfiguration": {"FieldWells": {
            "HistogramAggregatedFieldWells": {"Values": [values]}}}}}))
    _, (found,) = snapshot(qs, "values", "one", csv_file("v-hist"))
    assert found[2].decode().split() == ["amount", "10.50", "20.00", "30.25"]
    chart = bars()
    chart["BarChartVisual"]["ChartConfiguration"]["SortConfiguration"] = {
        "CategorySort": [{"FieldSort": {"FieldId": "v",
                                        "Direction": "ASC"}}]}
    qs.dashboard("sorted", definition_of(chart))
    _, (found,) = snapshot(qs, "sorted", "one", csv_file("v-bar"))
    assert found[2].decode().splitlines()[1:] == ["south,20.00",
                                                  "north,40.75"]
    for number, (kind, more, rows) in enumerate([
            ("CategoryFilter", {"Column": column("region"), "Configuration": {
                "FilterListConfiguration": {
                    "MatchOperator": "CONTAINS",
                    "CategoryValues": ["north"]}}}, ["north,40.75"]),
            ("CategoryFilter", {"Column": column("region"), "Configuration": {
                "CustomFilterConfiguration": {
                    "MatchOperator": "DOES_NOT_CONTAIN",
                    "CategoryValue": "o'r", "NullOption": "ALL_VALUES"}}},
             ["north,40.75", "south,20.00"]),
            ("NumericRangeFilter", {
                "Column": column("amount"), "NullOption": "NON_NULLS_ONLY",
                "RangeMinimum": {"StaticValue": 20},
                "IncludeMinimum": False}, ["north,30.25"]),
            ("NumericEqualityFilter", {
                "Column": column("amount"), "NullOption": "NULLS_ONLY",
                "MatchOperator": "DOES_NOT_EQUAL", "Value": 1}, []),
            ("TimeRangeFilter", {
                "Column": column("month"), "NullOption": "NON_NULLS_ONLY",
                "RangeMinimumValue": {"StaticValue": 1769904000},
                "IncludeMinimum": True}, ["north,30.25", "south,"])]):
        name = f"filter-{number}"
        group = filters()
        group[0]["Filters"] = [{kind: {"FilterId": "f", **more}}]
        version = qs.dashboard(name, definition_of(bars(),
                                                   FilterGroups=group))
        assert version["Status"] == "CREATION_SUCCESSFUL", version
        _, (found,) = snapshot(qs, name, "one", csv_file("v-bar"))
        assert found[2].decode().splitlines()[1:] == rows, kind
        # it is for another sheet, or not on
        group[0]["Status"] = "DISABLED"
        qs.dashboard(name + "-off", definition_of(bars(), FilterGroups=group))
        _, (found,) = snapshot(qs, name + "-off", "one", csv_file("v-bar"))
        assert len(found[2].decode().splitlines()) == 3


def test_a_pdf_has_as_many_pages_as_it_needs(server, qs, tmp_path):
    rows = ", ".join(f"('2026-01-01', 'caf\u00e9 ({number})', {number})"
                     for number in range(1, 401))
    run(server, "create table many (month date, region varchar(20),"
                " amount decimal(10,2));"
                "insert into many values " + rows)
    query = set_of("many")
    query["PhysicalTableMap"]["q1"]["CustomSql"].update(
        SqlQuery="select month, region, amount from many -- all")
    qs.create_data_set(**query)
    titled = table()
    titled["TableVisual"]["Title"] = {"FormatText": {
        "PlainText": "All \u2013 of it"}}
    definition = definition_of(titled, bars())
    definition["DataSetIdentifierDeclarations"][0]["DataSetArn"] = arn(
        "dataset", "many")
    qs.dashboard("pdf", definition)
    _, ((status, headers, text),) = snapshot(qs, "pdf", "one", PDF)
    assert status == 200 and headers["Content-Type"] == "application/pdf"
    path = tmp_path / "report.pdf"
    path.write_bytes(text)
    facts = subprocess.run(["pdfinfo", path], capture_output=True, check=True,
                           text=True)
    assert facts.stderr == "" and "Title:           pdf - Sheet 1" \
        in facts.stdout
    pages = int(re.search(r"Pages: +(\d+)", facts.stdout)[1])
    assert pages > 4
    read = subprocess.run(["pdftotext", "-layout", path, "-"],
                          capture_output=True, check=True, text=True)
    assert read.stderr == ""
    seen = read.stdout.split("\f")
    assert "All \u2013 of it" in seen[0] and f"1 / {pages}" in seen[0]
    for number in range(1, 401):
        assert f"caf\u00e9 ({number})" in read.stdout
    assert seen[1].split()[:7] == ["pdf", "-", "Sheet", "1", "month",
                                   "region", "amount"]


def test_links_of_results_end(server, qs):
    result, (found,) = snapshot(qs, "csv", "again", csv_file("v-bar"))
    link = result["Result"]["RegisteredUsers"][0]["FileGroups"][0][
        "S3Results"][0]["S3Uri"]
    assert found[0] == 200
    at = int(re.search(r"expires=(\d+)", link)[1])
    assert 200 < at - time.time() <= 300
    for changed_link in (
            link.replace(f"={at}", f"={at + 100}"), link + "0",
            link.split("?")[0], re.sub(r"/1-1.csv", "/1-2.csv", link),
            re.sub("snapshots/[0-9a-f]+/1-1.csv",
                   "snapshots/..%2F..%2Fpassword", link)):
        assert quicksight_client.fetch(changed_link)[0] == 403
    assert server.env["PGPASSWORD"]
    for ahead, status in ((-60, 200), (60, 403)):  # of the clock, at its end
        server.call("fault", "add", "--count", "1", "skew=" + str(
            at - int(time.time()) + ahead))
        assert quicksight_client.fetch(link)[0] == status
    assert quicksight_client.fetch(link)[0] == 200


def test_jobs_that_cannot_be(server, qs):
    bad = lambda *files, **more: qs.fails(
        "start_dashboard_snapshot_job", DashboardId="csv",
        SnapshotJobId="bad", **job(*files, **more))
    for text, files in [
            ("no visual", [csv_file("v-none")]),
            ("no sheet", [csv_file("v-bar", "s9")]),
            ("1 PDF", [PDF, PDF]),
            ("5 CSV", [csv_file("v-bar")] * 6),
            ("of one visual", [{**PDF, "FormatType": "CSV"}]),
            ("all visuals", [{**csv_file("v-bar"), "FormatType": "PDF"}])]:
        code, status, message = bad(*files)
        assert (code, status) == ("InvalidParameterValueException", 400)
        assert text in message
    assert bad(PDF, UserConfiguration={"AnonymousUsers": []})[0] in (
        "InvalidParameterValueException", "ValidationException")
    qs.dashboard("broken", definition_of(bars()))
    run(server, "alter table sales rename to gone")
    result, _ = snapshot(qs, "broken", "one", csv_file("v-bar"))
    run(server, "alter table gone rename to sales")
    assert result["JobStatus"] == "FAILED"
    assert "does not exist" in result["ErrorInfo"]["ErrorMessage"]
    assert qs.fails("start_dashboard_snapshot_job", DashboardId="broken",
                    SnapshotJobId="one", **job(PDF))[1] == 409


def test_results_go_to_a_bucket(server, qs):
    s3 = boto3.client("s3", endpoint_url=server.env["AWS_ENDPOINT_URL"],
                      region_name="us-east-1",
                      aws_access_key_id=server.env["AWS_ACCESS_KEY_ID"],
                      aws_secret_access_key=server.env[
                          "AWS_SECRET_ACCESS_KEY"])
    s3.create_bucket(Bucket="reports")
    to = {"BucketName": "reports", "BucketPrefix": "a/b",
          "BucketRegion": "us-east-1"}
    where = job(csv_file("v-bar"))
    where["SnapshotConfiguration"]["DestinationConfiguration"] = {
        "S3Destinations": [{"BucketConfiguration": to}]}
    qs.start_dashboard_snapshot_job(DashboardId="csv", SnapshotJobId="s3",
                                    **where)
    qs.settle(lambda: {"Status": qs.describe_dashboard_snapshot_job(
        DashboardId="csv", SnapshotJobId="s3")["JobStatus"]})
    result = qs.describe_dashboard_snapshot_job_result(
        DashboardId="csv", SnapshotJobId="s3")
    found = result["Result"]["RegisteredUsers"][0]["FileGroups"][0][
        "S3Results"][0]
    assert found["S3Uri"] == "s3://reports/a/b/s3/1-1.csv"
    assert s3.get_object(Bucket="reports", Key="a/b/s3/1-1.csv")[
        "Body"].read().startswith(b"region,")


def embed(**more):
    return {"UserArn": USER, "ExperienceConfiguration": {
        "Dashboard": {"InitialDashboardId": "page"}}, **more}


def test_an_embedded_dashboard_is_seen_once(server, qs):
    run(server, "insert into sales values"
                " ('2026-01-01', '<script>x</script>', 1)")
    titled = bars()
    titled["BarChartVisual"]["Title"]["FormatText"]["PlainText"] = "<b>Tom's"
    qs.dashboard("page", definition_of(titled, table()),
                 Permissions=owner("dashboard"))
    link = qs.generate_embed_url_for_registered_user(**embed(
        AllowedDomains=["https://example.com", "http://localhost:8000"]))[
            "EmbedUrl"]
    status, headers, page = quicksight_client.fetch(link)
    run(server, "delete from sales where region like '<%'")
    page = page.decode()
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    assert "frame-ancestors https://example.com http://localhost:8000" \
        in headers["Content-Security-Policy"]
    assert "<h1>page</h1>" in page and ">40.75</td>" in page
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "<b>Tom" not in page
    assert quicksight_client.fetch(link)[0] == 403
    assert quicksight_client.fetch(link.replace("embed/", "embed/0"))[0] == 403
    link = qs.generate_embed_url_for_registered_user(**embed())["EmbedUrl"]
    server.call("fault", "add", "--count", "1", "skew=301")
    assert quicksight_client.fetch(link)[0] == 403
    one = qs.generate_embed_url_for_registered_user(UserArn=USER, **{
        "ExperienceConfiguration": {"DashboardVisual": {
            "InitialDashboardVisualId": {
                "DashboardId": "page", "SheetId": "s1",
                "VisualId": "v-bar"}}}})["EmbedUrl"]
    assert "<th>month" not in quicksight_client.fetch(one)[2].decode()


def measure(name):
    return {"NumericalMeasureField": {
        "FieldId": "v", "Column": column("amount"), "AggregationFunction": {
            "SimpleNumericalAggregation": name}}}


def test_a_page_draws_what_its_visuals_are(server, qs):
    run(server, "create table sales_before as select * from sales;"
                "delete from sales; insert into sales values"
                " ('2026-01-01', 'north', 1500000.25),"
                " ('2026-02-01', 'north', -500000), ('2026-03-01', 'east', 0)")
    line = {"LineChartVisual": {
        "VisualId": "v-line", "ChartConfiguration": {"FieldWells": {
            "LineChartAggregatedFieldWells": {
                "Category": [{"DateDimensionField": {
                    "FieldId": "d", "Column": column("month"),
                    "DateGranularity": "MONTH"}}],
                "Values": [measure("SUM")]}}}}}
    number = {"KPIVisual": {
        "VisualId": "v-number", "ChartConfiguration": {"FieldWells": {
            "Values": [measure("MAX")]}}}}
    qs.dashboard("drawn", definition_of(bars(), line, number),
                 Permissions=owner("dashboard"))
    page = quicksight_client.fetch(qs.generate_embed_url_for_registered_user(
        **embed(ExperienceConfiguration={"Dashboard": {
            "InitialDashboardId": "drawn"}}))["EmbedUrl"])[2].decode()
    run(server, "delete from sales; insert into sales select * from "
                "sales_before; drop table sales_before")
    assert '<td class="n">1,000,000.25</td>' in page
    assert "<td>2026-03-01</td>" in page and ">2026-03-01</text>" in page
    assert 'style="width:100.0%"' in page and 'style="width:0.0%"' in page
    (points,) = re.findall(r'points="([^"]+)"', page)
    points = [[float(n) for n in one.split(",")] for one in points.split()]
    assert [x for x, _ in points] == [10, 400, 790]
    top, bottom, zero = (y for _, y in points)
    assert top < zero < bottom and top == 10
    assert (zero - top) / (bottom - top) == pytest.approx(0.75, abs=0.01)
    assert '<p class="kpi">1,500,000.25</p>' in page


@pytest.mark.parametrize("code,status,arguments", [
    ("QuickSightUserNotFoundException", 404, embed(UserArn=USER + "x")),
    ("ResourceNotFoundException", 404, embed(ExperienceConfiguration={
        "Dashboard": {"InitialDashboardId": "nothing"}})),
    ("ValidationException", 400, embed(SessionLifetimeInMinutes=14)),
    ("InvalidParameterValueException", 400, embed(
        AllowedDomains=["http://example.com"])),
    ("InvalidParameterValueException", 400, embed(
        AllowedDomains=["https://example.com/a"])),
    ("AccessDeniedException", 401, embed(ExperienceConfiguration={
        "Dashboard": {"InitialDashboardId": "csv"}})),
])
def test_embedding_is_refused(qs, code, status, arguments):
    assert qs.fails("generate_embed_url_for_registered_user",
                    **arguments)[:2] == (code, status)


@pytest.fixture(name="setting")
def make_setting(server):
    path = server.dir / "quicksight.tsv"
    yield lambda *rows: path.write_text("setting\tvalue\n" + "".join(
        f"{name}\t{value}\n" for name, value in rows))
    path.unlink()


def test_states_of_the_account(qs, setting):
    info = qs.describe_account_subscription()["AccountInfo"]
    assert info["Edition"] == "ENTERPRISE"
    setting(("subscription", "none"))
    assert qs.fails("describe_account_subscription")[:2] == (
        "ResourceNotFoundException", 404)
    assert qs.fails("list_dashboards")[:2] == (
        "ResourceNotFoundException", 404)
    setting(("edition", "STANDARD"))
    assert qs.describe_account_subscription()["AccountInfo"]["Edition"] \
        == "STANDARD"
    assert qs.fails("create_dashboard", DashboardId="x", Name="x",
                    Definition=definition_of(bars()))[:2] == (
                        "UnsupportedUserEditionException", 403)
    assert qs.list_data_sets()["DataSetSummaries"]
    setting(("pixel-perfect", "off"))
    assert qs.fails("start_dashboard_snapshot_job", DashboardId="csv",
                    SnapshotJobId="plan", **job(csv_file("v-bar")))[:2] == (
                        "UnsupportedPricingPlanException", 403)
    setting(("limit-dashboard", "1"))
    assert qs.fails("create_dashboard", DashboardId="x", Name="x",
                    Definition=definition_of(bars()))[:2] == (
                        "LimitExceededException", 409)


def test_users_are_in_the_identity_region(server, qs, setting):
    far = Client(server, "eu-west-1")
    code, status, text = far.fails("list_users", Namespace="default")
    assert (code, status) == ("AccessDeniedException", 401)
    assert "your identity region is us-east-1" in text
    assert far.list_dashboards()["DashboardSummaryList"] == []
    setting(("identity-region", "eu-west-1"))
    assert far.list_users(Namespace="default")["UserList"]
    assert qs.fails("describe_user", Namespace="default",
                    UserName="sandbox")[0] == "AccessDeniedException"


def test_groups_have_members_and_permissions(server, qs):
    at_home = {"Namespace": "default"}
    team = {**at_home, "GroupName": "sales team"}
    made = qs.create_group(**team, Description="who sells")["Group"]
    assert made["Arn"] == arn("group", "default/sales team")
    assert made["PrincipalId"].startswith("group/")
    assert qs.fails("create_group", **team)[:2] == (
        "ResourceExistsException", 409)
    assert qs.fails("create_group", **at_home, GroupName="")[1] == 400
    assert qs.fails("create_group", Namespace="other", GroupName="x")[:2] == (
        "ResourceNotFoundException", 404)
    assert qs.describe_group(**team)["Group"] == made
    assert qs.update_group(**team, Description="all")["Group"][
        "Description"] == "all"
    for name in ("b", "a"):
        qs.create_group(**at_home, GroupName=name)
    first = qs.list_groups(**at_home, MaxResults=2)
    rest = qs.list_groups(**at_home, NextToken=first["NextToken"])
    assert [one["GroupName"] for page in (first, rest)
            for one in page["GroupList"]] == ["sales team", "b", "a"]
    qs.register_user(**at_home, IdentityType="QUICKSIGHT", UserName="seller",
                     Email="s@example.com", UserRole="READER")
    seller = arn("user", "default/seller")
    assert qs.fails("create_group_membership", **team, MemberName="nobody")[
        :2] == ("ResourceNotFoundException", 404)
    member = qs.create_group_membership(**team, MemberName="seller")
    assert member["GroupMember"] == {"Arn": seller, "MemberName": "seller"}
    assert qs.list_group_memberships(**team)["GroupMemberList"] == [
        member["GroupMember"]]
    assert [one["GroupName"] for one in qs.list_user_groups(
        **at_home, UserName="seller")["GroupList"]] == ["sales team"]
    # what is shared with a group its members see
    embed = {"UserArn": seller, "ExperienceConfiguration": {
        "Dashboard": {"InitialDashboardId": "csv"}}}
    ask = "generate_embed_url_for_registered_user"
    assert qs.fails(ask, **embed)[0] == "AccessDeniedException"
    looks = [{"Principal": made["Arn"], "Actions": [
        "quicksight:" + action for action in OWNS["dashboard"][:2] +
        ["QueryDashboard"]]}]
    qs.update_dashboard_permissions(DashboardId="csv", GrantPermissions=looks)
    link = qs.generate_embed_url_for_registered_user(**embed)["EmbedUrl"]
    assert quicksight_client.fetch(link)[0] == 200
    qs.delete_group_membership(**team, MemberName="seller")
    assert qs.fails("describe_group_membership", **team,
                    MemberName="seller")[0] == "ResourceNotFoundException"
    assert qs.fails(ask, **embed)[0] == "AccessDeniedException"
    qs.update_dashboard_permissions(DashboardId="csv", RevokePermissions=looks)
    qs.delete_group(**team)
    assert qs.fails("update_dashboard_permissions", DashboardId="csv",
                    GrantPermissions=looks)[0] \
        == "InvalidParameterValueException"
    far = Client(server, "eu-west-1")
    assert "identity region is us-east-1" in far.fails(
        "list_groups", **at_home)[2]


def test_a_list_of_ingestions_is_strict(qs):
    qs.create_data_set(**set_of("listed", ImportMode="SPICE"))
    look = lambda **more: qs.list_ingestions(DataSetId="listed", **more)
    (first,) = look()["Ingestions"]
    assert {"Arn", "IngestionId", "IngestionStatus", "CreatedTime"} \
        <= set(first) and first["RequestType"] == "INITIAL_INGESTION"
    for number in range(3):
        qs.create_ingestion(DataSetId="listed", IngestionId=f"n{number}")
    page = look(MaxResults=3)
    last = look(MaxResults=3, NextToken=page["NextToken"])
    found = page["Ingestions"] + last["Ingestions"]
    assert [one["IngestionId"] for one in found] == [
        "n2", "n1", "n0", first["IngestionId"]] and "NextToken" not in last
    times = [one["CreatedTime"] for one in found]
    assert times == sorted(times, reverse=True)
    for most in (0, 101, "many"):
        assert qs.fails("list_ingestions", DataSetId="listed",
                        MaxResults=most)[1] == 400
    assert qs.fails("list_ingestions", DataSetId="listed", NextToken="x")[:2] \
        == ("InvalidNextTokenException", 400)
    assert qs.fails("list_ingestions", DataSetId="nowhere")[:2] == (
        "ResourceNotFoundException", 404)


def role_client(server, policy):
    """QuickSight by the keys of a role that may do what policy says."""
    def client(service):
        return boto3.client(
            service, endpoint_url=server.env["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id=server.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=server.env["AWS_SECRET_ACCESS_KEY"])

    role = client("iam").get_role(RoleName="RedshiftCopy")["Role"]["Arn"]
    client("iam").put_role_policy(
        RoleName="RedshiftCopy", PolicyName="quicksight",
        PolicyDocument=json.dumps({"Version": "2012-10-17",
                                   "Statement": policy}))
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="analyst")[
        "Credentials"]
    return Client(server, keys=(keys["AccessKeyId"], keys["SecretAccessKey"],
                                keys["SessionToken"]))


def allow(actions, resources, effect="Allow"):
    return {"Effect": effect, "Resource": resources,
            "Action": ["quicksight:" + action for action in actions]}


def test_a_role_may_do_what_its_policy_allows(server, qs):
    """The kinds of resources are those of the service's reference."""
    role = role_client(server, [
        allow(["ListDashboards"], "*"),
        allow(["DescribeDashboard*"], arn("dashboard", "c*")),
        allow(["DescribeDashboardPermissions"], "*", "Deny"),
        allow(["DescribeUser"], arn("user", "default/sandbox")),
        allow(["DescribeGroup"], arn("group", "default/a")),
        allow(["GenerateEmbedUrlForRegisteredUser"], USER),
    ])
    qs.create_group(Namespace="default", GroupName="c")
    assert role.list_dashboards()["DashboardSummaryList"]
    assert role.describe_dashboard(DashboardId="csv")
    assert role.describe_user(Namespace="default", UserName="sandbox")
    assert role.describe_group(Namespace="default", GroupName="a")
    embed = {"ExperienceConfiguration": {"Dashboard": {
        "InitialDashboardId": "csv"}}}
    assert role.fails("generate_embed_url_for_registered_user", **embed,
                      UserArn=arn("user", "default/seller"))[0] \
        == "AccessDeniedException"
    refused = {
        "list_data_sets": {}, "list_users": {"Namespace": "default"},
        "describe_dashboard": {"DashboardId": "page"},
        "describe_dashboard_permissions": {"DashboardId": "csv"},
        "delete_dashboard": {"DashboardId": "csv"},
        "describe_user": {"Namespace": "default", "UserName": "seller"},
        "describe_group": {"Namespace": "default", "GroupName": "c"},
        "list_ingestions": {"DataSetId": "spice"},
        "create_data_set": set_of("by-role-keys"),
        "create_data_source": qs.source_of("by-role-keys"),
    }
    for name, arguments in refused.items():
        code, status, text = role.fails(name, **arguments)
        assert (code, status) == ("AccessDeniedException", 401), name
        assert "assumed-role/RedshiftCopy/analyst is not authorized to " \
            "perform: quicksight:" + name.title().replace("_", "") in text
    assert "by-role-keys" not in [
        one["DataSetId"] for one in qs.list_data_sets()["DataSetSummaries"]]


def test_work_is_asynchronous(qs, setting):
    setting(("work", "held"))
    qs.create_data_source(**qs.source_of("later"))
    look = lambda: qs.describe_data_source(
        DataSourceId="later")["DataSource"]
    assert look()["Status"] == "CREATION_IN_PROGRESS"
    qs.create_dashboard(DashboardId="later", Name="Later",
                        Definition=definition_of(bars()))
    assert qs.fails("update_dashboard_published_version",
                    DashboardId="later", VersionNumber=1)[0] \
        == "ConflictException"
    qs.start_dashboard_snapshot_job(DashboardId="csv", SnapshotJobId="late",
                                    **job(csv_file("v-bar")))
    assert qs.fails("describe_dashboard_snapshot_job_result",
                    DashboardId="csv", SnapshotJobId="late")[0] \
        == "PreconditionNotMetException"
    setting()
    assert qs.settle(look)["Status"] == "CREATION_SUCCESSFUL"


def test_faults_by_the_names_of_operations(server, qs):
    server.call("fault", "add", "--op", "ListDashboards", "--count", "1",
                "status=429")
    assert qs.fails("list_dashboards")[:2] == ("ThrottlingException", 429)
    assert qs.list_dashboards()


def test_leave_is_looked_for(server, qs):
    path = server.dir / "denied.tsv"
    path.write_text("action\tresource\n"
                    f"quicksight:DescribeDashboard\t{arn('dashboard', 'csv')}"
                    "\nquicksight:PassDataSource\t*\n")
    code, status, text = qs.fails("describe_dashboard", DashboardId="csv")
    passing = qs.fails("create_data_set", **set_of("passing"))
    page = qs.describe_dashboard(DashboardId="page")
    path.unlink()
    assert (code, status) == ("AccessDeniedException", 401)
    assert "quicksight:DescribeDashboard" in text
    assert passing[:2] == ("AccessDeniedException", 401) and page
    status, headers, _ = quicksight_client.fetch(
        server.env["AWS_ENDPOINT_URL"] + f"/accounts/{ACCOUNT}/dashboards")
    assert status in (403, 404) and headers


STACK = """
Parameters:
  Host: {Type: String}
  Port: {Type: String}
  Database: {Type: String}
  Secret: {Type: String}
Resources:
  Network:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  One:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}
  Two:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {VpcId: !Ref Network, GroupDescription: QuickSight}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Service: quicksight.amazonaws.com}
            Action: sts:AssumeRole
  Connection:
    Type: AWS::QuickSight::VPCConnection
    Properties:
      AwsAccountId: !Ref AWS::AccountId
      VPCConnectionId: !Ref AWS::StackName
      Name: way in
      RoleArn: !GetAtt Role.Arn
      SubnetIds: [!Ref One, !Ref Two]
      SecurityGroupIds: [!Ref Group]
  Source:
    Type: AWS::QuickSight::DataSource
    Properties:
      AwsAccountId: !Ref AWS::AccountId
      DataSourceId: !Ref AWS::StackName
      Name: of the stack
      Type: REDSHIFT
      DataSourceParameters:
        RedshiftParameters:
          Host: !Ref Host
          Port: !Ref Port
          Database: !Ref Database
      Credentials: {SecretArn: !Ref Secret}
      SslProperties: {DisableSsl: 'false'}
      VpcConnectionProperties:
        VpcConnectionArn: !GetAtt Connection.Arn
"""


def test_a_stack_makes_data_sources(server, qs):
    clients = [boto3.client(
        name, endpoint_url=server.env["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id=server.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=server.env["AWS_SECRET_ACCESS_KEY"])
        for name in ("cloudformation", "secretsmanager")]
    secret = clients[1].get_secret_value(
        SecretId="redshift!redsh-sandbox-awsuser")["ARN"]

    def make(name, database):
        clients[0].create_stack(
            StackName=name, TemplateBody=STACK,
            Capabilities=["CAPABILITY_IAM"], Parameters=[
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in {
                    "Host": server.env["PGHOST"],
                    "Port": server.env["PGPORT"], "Database": database,
                    "Secret": secret}.items()])
        return wait(name)

    def wait(name):
        for _ in range(3000):
            try:
                status = clients[0].describe_stacks(StackName=name)[
                    "Stacks"][0]["StackStatus"]
            except boto3.exceptions.botocore.exceptions.ClientError:
                return "DELETE_COMPLETE"
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.02)
        return None

    assert make("platform", server.env["PGDATABASE"]) == "CREATE_COMPLETE"
    found = qs.describe_data_source(DataSourceId="platform")["DataSource"]
    assert found["Status"] == "CREATION_SUCCESSFUL"
    assert found["SslProperties"] == {"DisableSsl": False}
    assert qs.describe_vpc_connection(VPCConnectionId="platform")[
        "VPCConnection"]["Status"] == "CREATION_SUCCESSFUL"
    assert make("broken", "nowhere") in ("ROLLBACK_COMPLETE",
                                         "CREATE_FAILED")
    events = clients[0].describe_stack_events(StackName="broken")[
        "StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events
               if event["ResourceStatus"] == "CREATE_FAILED"]
    assert any("nowhere" in reason for reason in reasons), reasons
    assert qs.fails("describe_data_source", DataSourceId="broken")[1] == 404
    clients[0].delete_stack(StackName="platform")
    assert wait("platform") == "DELETE_COMPLETE"
    assert qs.fails("describe_data_source", DataSourceId="platform")[1] == 404
    assert qs.fails("describe_vpc_connection",
                    VPCConnectionId="platform")[1] == 404


def test_a_role_logs_in(server, qs):
    iam = boto3.client(
        "iam", endpoint_url=server.env["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id=server.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=server.env["AWS_SECRET_ACCESS_KEY"])
    role = iam.get_role(RoleName="RedshiftCopy")["Role"]
    by_role = {"DataSourceParameters": {"RedshiftParameters": {
        "Database": server.env["PGDATABASE"], "ClusterId": "redsh-sandbox",
        "IAMParameters": {"RoleArn": role["Arn"], "DatabaseUser": "looker",
                          "AutoCreateDatabaseUser": True}}},
               "Credentials": {}}
    made = qs.source("by-role", **by_role)
    assert made["ErrorInfo"]["Type"] == "ACCESS_DENIED"
    iam.update_assume_role_policy(RoleName="RedshiftCopy", PolicyDocument=(
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",'
        ' "Principal": {"Service": "quicksight.amazonaws.com"},'
        ' "Action": "sts:AssumeRole"}]}'))
    made = qs.source("by-role-2", **by_role)
    assert made["Status"] == "CREATION_SUCCESSFUL", made
    # it sees what its user may see, and no more
    query = set_of("by-role")
    query["PhysicalTableMap"]["q1"]["CustomSql"]["DataSourceArn"] = arn(
        "datasource", "by-role-2")
    qs.create_data_set(**query)
    definition = definition_of(bars())
    definition["DataSetIdentifierDeclarations"][0]["DataSetArn"] = arn(
        "dataset", "by-role")
    qs.dashboard("by-role", definition)
    result, _ = snapshot(qs, "by-role", "one", csv_file("v-bar"))
    assert "permission denied" in result["ErrorInfo"]["ErrorMessage"]
    run(server, 'grant select on sales to "looker"')
    _, (found,) = snapshot(qs, "by-role", "two", csv_file("v-bar"))
    assert found[0] == 200


def test_tables_are_data_sets_too(qs):
    made = {"RelationalTable": {
        "DataSourceArn": arn("datasource", "rs"), "Schema": "public",
        "Name": "sales", "InputColumns": COLUMNS}}
    qs.create_data_set(**set_of("table", PhysicalTableMap={"t": made}))
    bad = copy.deepcopy(made)
    bad["RelationalTable"]["Name"] = "nothing"
    assert qs.fails("update_data_set", **{
        key: value for key, value in set_of(
            "table", PhysicalTableMap={"t": bad}).items()
        if key != "Permissions"})[0] == "InvalidParameterValueException"
    qs.delete_data_set(DataSetId="table")
    assert qs.fails("describe_data_set", DataSetId="table")[1] == 404


def test_paginated_sheets(qs, setting):
    margin = dict.fromkeys(("Top", "Bottom", "Left", "Right"), "0.5in")
    layout = {"SectionBasedLayout": {
        "HeaderSections": [], "FooterSections": [], "BodySections": [{
            "SectionId": "b1", "Content": {"Layout": {"FreeFormLayout": {
                "Elements": [{
                    "ElementId": "v-table", "ElementType": "VISUAL",
                    "XAxisLocation": "0in", "YAxisLocation": "0in",
                    "Width": "7in", "Height": "9in"}]}}}}],
        "CanvasSizeOptions": {"PaperCanvasSizeOptions": {
            "PaperSize": "A4", "PaperOrientation": "PORTRAIT",
            "PaperMargin": margin}}}}
    definition = definition_of(table(), sheet={
        "ContentType": "PAGINATED", "Layouts": [{"Configuration": layout}]})
    qs.dashboard("paper", definition)
    _, (found,) = snapshot(qs, "paper", "one", PDF)
    assert found[2].startswith(b"%PDF-1.4")
    elements = layout["SectionBasedLayout"]["BodySections"][0]["Content"][
        "Layout"]["FreeFormLayout"]["Elements"]
    elements[0]["ElementId"] = "v-none"
    assert "no VISUAL" in qs.fails(
        "create_dashboard", DashboardId="bad", Name="bad",
        Definition=definition)[2]
    setting(("pixel-perfect", "off"))
    assert qs.fails("start_dashboard_snapshot_job", DashboardId="paper",
                    SnapshotJobId="plan", **job(PDF))[:2] == (
                        "UnsupportedPricingPlanException", 403)


def test_the_cli_of_aws(server, qs):
    assert qs.list_users(Namespace="default")

    def aws(*words):
        done = subprocess.run(
            ["aws", "--endpoint-url", server.env["AWS_ENDPOINT_URL"],
             "--output", "json", "quicksight", *words, "--aws-account-id",
             ACCOUNT], env={**os.environ, **server.env},
            capture_output=True, check=False, text=True,
            stdin=subprocess.DEVNULL)
        return json.loads(done.stdout) if done.returncode == 0 \
            else done.stderr

    shown = aws("describe-dashboard", "--dashboard-id", "csv")["Dashboard"]
    assert shown["Version"]["DataSetArns"] == [arn("dataset", "q1")]
    # The older of its versions shows the number as it came.
    assert re.match(r"20|1[78]\d{8}", str(shown["CreatedTime"]))
    assert "ResourceNotFoundException" in aws(
        "describe-dashboard", "--dashboard-id", "none")
    # a slash in a name is part of the name, in the signature too
    iam = f"arn:aws:iam::{ACCOUNT}:role/someone"
    made = aws("register-user", "--identity-type", "IAM", "--email",
               "a@example.com", "--user-role", "AUTHOR", "--iam-arn", iam,
               "--session-name", "a.b", "--namespace", "default")
    assert made["User"]["UserName"] == "someone/a.b"
    assert aws("describe-user", "--user-name", "someone/a.b", "--namespace",
               "default")["User"]["Role"] == "AUTHOR"
    assert len(aws("list-data-sets", "--page-size", "1")[
        "DataSetSummaries"]) > 2


def test_an_ingestion_is_cancelled(qs, setting):
    qs.create_data_set(**set_of("stopped", ImportMode="SPICE"))
    setting(("work", "held"))
    qs.create_ingestion(DataSetId="stopped", IngestionId="one")
    which = {"DataSetId": "stopped", "IngestionId": "one"}
    assert qs.describe_ingestion(**which)["Ingestion"][
        "IngestionStatus"] == "INITIALIZED"
    qs.cancel_ingestion(**which)
    setting()
    qs.create_ingestion(DataSetId="stopped", IngestionId="two")
    qs.settle(lambda: qs.describe_ingestion(
        DataSetId="stopped", IngestionId="two")["Ingestion"])
    assert qs.describe_ingestion(**which)["Ingestion"][
        "IngestionStatus"] == "CANCELLED"
    assert qs.fails("cancel_ingestion", **which)[0] \
        == "InvalidParameterValueException"
    qs.delete_data_set(DataSetId="stopped")
    qs.create_data_set(**set_of("stopped"))
    assert qs.list_ingestions(DataSetId="stopped")["Ingestions"] == []


def test_twelve_jobs_at_once(qs, setting):
    setting(("work", "held"))
    for number in range(12):
        qs.start_dashboard_snapshot_job(
            DashboardId=("csv", "page")[number % 2],
            SnapshotJobId=f"many-{number}", **job(csv_file("v-bar")))
    assert qs.fails("start_dashboard_snapshot_job", DashboardId="csv",
                    SnapshotJobId="many", **job(PDF))[:2] == (
                        "LimitExceededException", 409)
    setting()
    for number in range(12):
        qs.settle(lambda number=number: {
            "Status": qs.describe_dashboard_snapshot_job(
                DashboardId=("csv", "page")[number % 2],
                SnapshotJobId=f"many-{number}")["JobStatus"]})


def test_a_restart_forgets_nothing(server, qs, setting):
    setting(("work", "held"))
    qs.create_data_source(**qs.source_of("over"))
    qs.start_dashboard_snapshot_job(DashboardId="csv", SnapshotJobId="over",
                                    **job(csv_file("v-bar")))
    server.call("stop")
    server.call("start")
    assert qs.describe_data_source(DataSourceId="over")["DataSource"][
        "Status"] == "CREATION_IN_PROGRESS"
    setting()
    assert qs.settle(lambda: qs.describe_data_source(
        DataSourceId="over")["DataSource"])["Status"] == "CREATION_SUCCESSFUL"
    assert qs.settle(lambda: {"Status": qs.describe_dashboard_snapshot_job(
        DashboardId="csv", SnapshotJobId="over")["JobStatus"]})
    assert qs.describe_dashboard(DashboardId="csv")["Dashboard"]["Version"][
        "VersionNumber"] == 1
