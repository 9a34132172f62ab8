"""The sandbox's QuickSight as boto3 uses it, which shares no line with redsh."""

import contextlib
import copy
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
