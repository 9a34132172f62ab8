"""\\quicksight against a server that keeps what it is given."""

import os
import signal
import subprocess
import time

import pytest

from fake_quicksight import (ACCOUNT, SECRET, FakeQuickSight, Failure,
                             environment_of, publish, redsh)
from private_postgres import Server

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
    assert "is used as it is: --secret is for a new one" in out + told
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


def arn(name):
    return f"arn:aws:quicksight:eu-west-1:{ACCOUNT}:user/default/{name}"


@pytest.mark.parametrize("query, as_kind, kinds", [
    ("select 1.5 as revenue", "", ["KPIVisual"]),
    ("select 1.5 as revenue, 2 as sold", "", ["ScatterPlotVisual"]),
    ("select text 'a' as region, 2 as sold", "", ["BarChartVisual"]),
    ("select text 'a' as region, text 'b' as kind, 2 as sold", "",
     ["PivotTableVisual", "BarChartVisual"]),
    ("select date '2026-01-01' as day, 2 as sold", "", ["LineChartVisual"]),
    ("select text 'a' as region, 2 as sold", "as pie", ["PieChartVisual"]),
    ("select text 'a' as region, 2 as sold", "as table", []),
    ("select text 'a' as a, text 'b' as b, 2 as sold", "as heat",
     ["HeatMapVisual"]),
])
def test_the_shape_chooses_the_visuals(server, quicksight, query, as_kind,
                                       kinds):
    code, _, told = publish(server, quicksight, f"({query}) {as_kind}")
    assert code == 0, told
    assert kinds_of(sheets_of(quicksight)[0]) == kinds + ["TableVisual"]


@pytest.mark.parametrize("what, words", [
    ("(select 1 as a, 2 as a)", 'two columns of the query are called "a"'),
    ("(select 1)", "has no name"),
    ("(insert into t values (1))", "runs each query by itself"),
    ("(select text 'x' as a) as scatter", "scatter needs two numbers"),
    ("(select 1 as a) as nonsense", 'there is no kind "nonsense"'),
    ("(select 1 as a) bar", '"bar" is not expected'),
    ("(select 1 as a", "parenthesis is not closed"),
    ("(select nothing from nowhere)", "nowhere"),
    ("nowhere.never", "nowhere"),
    ("nowhere.sql", "there is no file nowhere.sql"),
    ("", "which query?"),
])
def test_what_cannot_be_published_is_told_before_anything_is_made(
        server, quicksight, what, words):
    code, _, told = publish(server, quicksight, what)
    assert code != 0
    assert words in told
    assert [ask for ask in quicksight.asked if ask[0] != "GET"] == []


def test_a_table_and_its_columns_by_name(server, quicksight):
    redsh(server, quicksight, 'create table if not exists "My sales" '
          '("Region" text, sold int, shape bytea)')
    code, _, told = publish(server, quicksight, '"My sales"')
    assert code == 0, told
    (data_set,) = quicksight.sets.values()
    (table,) = data_set["PhysicalTableMap"].values()
    assert table["CustomSql"]["SqlQuery"] == \
        'select "Region", sold from "My sales"'


def test_several_statements_are_sheets(server, quicksight, tmp_path):
    (tmp_path / "week.sql").write_text(
        "-- # Week\n-- ## By region\n-- What sold where.\n"
        "-- \\chart hbar sold region\n"
        "select text 'a' as region, 2 as sold; -- end\n"
        "-- ## Total\nselect 3 as sold;\n")
    code, _, told = publish(server, quicksight, f"{tmp_path}/week.sql")
    assert code == 0, told
    sheets = sheets_of(quicksight)
    assert [sheet["Name"] for sheet in sheets] == ["By region", "Total"]
    assert sheets[0]["Description"] == "What sold where."
    bar = sheets[0]["Visuals"][0]["BarChartVisual"]
    assert bar["ChartConfiguration"]["Orientation"] == "HORIZONTAL"
    assert len(quicksight.sets) == 2


def test_sheets_of_one_name_are_told_apart(server, quicksight, tmp_path):
    titles = ("A", "A", "A (2)", "a", "A (2)", "-", "-")
    (tmp_path / "same.sql").write_text("".join(
        f"-- ## {title}\nselect {number} as sold;\n" if title != "-"
        else f"select {number} as sold;\n"
        for number, title in enumerate(titles)))
    code, _, told = publish(server, quicksight, f"{tmp_path}/same.sql")
    assert code == 0, told
    names = [sheet["Name"] for sheet in sheets_of(quicksight)]
    assert names == ["A", "A (3)", "A (2)", "a (4)", "A (2) (2)", "Sold",
                     "Sold (2)"]
    (dashboard,) = quicksight.dashboards.values()
    assert names == [one["Identifier"] for one in dashboard["versions"][-1][
        "Definition"]["DataSetIdentifierDeclarations"]]
    assert sorted(one["Name"] for one in quicksight.sets.values()) == sorted(
        "Sales: " + name for name in names)


def test_the_statement_being_typed_is_published(server, quicksight):
    code, out, told = redsh(
        server, quicksight, stdin="select text 'a' as region, 2 as sold\n"
        r"\quicksight publish Sales --secret " + SECRET + "\nselect 'next';\n")
    assert code == 0, told
    (data_set,) = quicksight.sets.values()
    (table,) = data_set["PhysicalTableMap"].values()
    assert table["CustomSql"]["SqlQuery"] == \
        "select text 'a' as region, 2 as sold"
    assert "next" in out


def test_spice_is_filled_and_refreshed(server, quicksight):
    code, out, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code == 0, told
    assert "4,321 rows in SPICE" in out + told
    code, out, told = redsh(server, quicksight, r"\quicksight refresh Sales")
    assert code == 0, told
    assert "4,321 rows" in out + told
    assert len(quicksight.ingestions) == 2


def test_a_direct_query_needs_no_refresh(server, quicksight):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    code, out, told = redsh(server, quicksight, r"\quicksight refresh Sales")
    assert code == 0, told
    assert "nothing to refresh" in out + told


def test_spice_that_fails_is_begun_anew(server, quicksight):
    quicksight.ingestion_error = {"Type": "ACCOUNT_CAPACITY_LIMIT_EXCEEDED",
                                  "Message": "no room"}
    code, _, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code != 0
    assert "SPICE memory is full" in told and "without --spice" in told
    assert not quicksight.sets
    quicksight.ingestion_error = None
    assert publish(server, quicksight, f"({SALES}) --spice")[0] == 0


@pytest.mark.parametrize("state, words", [
    (("FAILED", {"Type": "QUERY_TIMEOUT", "Message": "an hour"}),
     "filling of SPICE failed (Sales: the query ran for too long: an hour)"),
    (("CANCELLED", None), "filling of SPICE was cancelled (Sales)"),
])
@pytest.mark.parametrize("verb", ["publish", "refresh"])
def test_spice_that_was_not_filled_is_filled_again(server, quicksight, state,
                                                   words, verb):
    """The data set is there, and what filled it the last time did not."""
    assert publish(server, quicksight, f"({SALES}) --spice")[0] == 0
    (data_set,) = quicksight.sets
    quicksight.start_ingestion(data_set, "another")
    status, why = state
    quicksight.ingestions[data_set, "another"].update(
        IngestionStatus=status, **({"ErrorInfo": why} if why else {}))
    if verb == "publish":
        code, out, told = publish(server, quicksight, f"({SALES}) --spice")
    else:
        code, out, told = redsh(server, quicksight,
                                r"\quicksight refresh Sales")
    assert code == 0, told
    assert words in out + told and "filled again" in out + told
    assert "4,321 rows" in out + told
    assert len(quicksight.ingestions) == 3
    assert [one["IngestionStatus"] for one in quicksight.ingestions.values()
            if one["IngestionId"].startswith("redsh-")] == ["COMPLETED"]
    code, out, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code == 0 and "filled again" not in out + told
    assert "4,321 rows in SPICE, read " in out + told
    assert len(quicksight.ingestions) == 3


def test_spice_that_is_being_filled_is_waited_for(server, quicksight):
    assert publish(server, quicksight, f"({SALES}) --spice")[0] == 0
    (data_set,) = quicksight.sets
    quicksight.start_ingestion(data_set, "another")
    code, out, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code == 0, told
    assert len(quicksight.ingestions) == 2
    assert quicksight.ingestions[data_set, "another"][
        "IngestionStatus"] == "COMPLETED"
    quicksight.start_ingestion(data_set, "third")
    code, out, told = redsh(server, quicksight, r"\quicksight refresh Sales")
    assert code == 0, told
    assert "being filled already (Sales)" in out + told
    assert len(quicksight.ingestions) == 4


def test_spice_that_nothing_filled_is_filled(server, quicksight):
    assert publish(server, quicksight, f"({SALES}) --spice")[0] == 0
    quicksight.ingestions.clear()
    code, out, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code == 0, told
    assert len(quicksight.ingestions) == 1 and "4,321 rows" in out + told


def test_who_may_not_list_ingestions_is_told(server, quicksight):
    assert publish(server, quicksight, f"({SALES}) --spice")[0] == 0
    quicksight.fail.append(("GET", "/ingestions$", Failure(
        "AccessDeniedException", "not authorized", 401)))
    code, out, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code == 0, told
    assert "Whether SPICE is filled (Sales) cannot be looked at" in out + told
    quicksight.fail[0] = ("GET", "/ingestions$", Failure(
        "ThrottlingException", "Rate exceeded", 429))
    code, _, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code != 0 and "wait a minute" in told


def test_a_refilling_that_fails_keeps_the_data_set(server, quicksight):
    assert publish(server, quicksight, f"({SALES}) --spice")[0] == 0
    quicksight.ingestions.clear()
    quicksight.ingestion_error = {"Type": "QUERY_TIMEOUT", "Message": "slow"}
    code, _, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code != 0 and "ran for too long" in told
    assert len(quicksight.sets) == 1 and len(quicksight.dashboards) == 1


def test_the_limit_of_refreshes_is_told(server, quicksight):
    assert publish(server, quicksight, f"({SALES}) --spice")[0] == 0
    quicksight.fail.append(("PUT", "/ingestions/", Failure(
        "LimitExceededException", "too many", 409)))
    code, _, told = redsh(server, quicksight, r"\quicksight refresh Sales")
    assert code != 0 and "32 times in 24 hours" in told


@pytest.mark.parametrize("kind, words", [
    ("TIMEOUT", "security group"), ("UNKNOWN_HOST", "host's name"),
    ("ACCESS_DENIED", "password"), ("ANOTHER", "run the command again"),
])
def test_a_data_source_that_failed_is_made_anew(server, quicksight, kind,
                                                words):
    quicksight.source_error = {"Type": kind, "Message": "they say so"}
    code, _, told = publish(server, quicksight, f"({SALES})")
    assert code != 0
    assert words in told and "they say so" in told
    quicksight.source_error = None
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    assert len(quicksight.sources) == 1


def test_a_definition_that_is_refused_is_told(server, quicksight):
    quicksight.definition_error = {"Type": "COLUMN_TYPE_MISMATCH",
                                   "Message": "month is no date"}
    code, _, told = publish(server, quicksight, f"({SALES})")
    assert code != 0
    assert "month is no date" in told and "another type" in told
    quicksight.definition_error = None
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    (dashboard,) = quicksight.dashboards.values()
    assert dashboard["published"] == 2


def test_a_data_source_of_others_is_used(server, quicksight):
    quicksight.sources["theirs"] = {
        "Arn": quicksight.arn("datasource", "theirs"),
        "DataSourceId": "theirs", "Name": "Platform", "Type": "REDSHIFT",
        "Status": "CREATION_SUCCESSFUL", "DataSourceParameters": {
            "RedshiftParameters": {"Host": str(server.dir), "Port": 5432,
                                   "Database": "postgres"}}}
    code, _, told = redsh(server, quicksight,
                          rf"\quicksight publish Sales ({SALES})")
    assert code == 0, told
    assert list(quicksight.sources) == ["theirs"]
    code, _, told = redsh(server, quicksight,
                          r"\quicksight delete Sales --yes")
    assert code == 0, told
    assert list(quicksight.sources) == ["theirs"]


def test_without_a_login_the_ways_are_told(server, quicksight):
    code, _, told = redsh(server, quicksight,
                          rf"\quicksight publish Sales ({SALES})")
    assert code != 0
    assert "--secret NAME" in told and "--role ARN" in told


def test_a_role_logs_in_as_the_user(server, quicksight):
    role = f"arn:aws:iam::{ACCOUNT}:role/quicksight"
    code, _, told = redsh(
        server, quicksight,
        rf"\quicksight publish Sales --role {role} ({SALES})")
    assert code == 0, told
    (source,) = quicksight.sources.values()
    given = source["DataSourceParameters"]["RedshiftParameters"]
    assert given["IAMParameters"] == {
        "RoleArn": role, "DatabaseUser": "tester",
        "AutoCreateDatabaseUser": False}


def test_the_identity_region_is_learned(server):
    fake = FakeQuickSight(identity="us-east-1")
    code, out, told = publish(server, fake, f"({SALES})")
    assert code == 0, told
    (owner,) = next(iter(fake.permissions.values()))
    assert owner.startswith("arn:aws:quicksight:us-east-1:")
    code, out, told = redsh(server, fake, r"\quicksight users")
    fake.close()
    assert code == 0, told
    assert "alice" in out and "bob" in out


def test_nobody_who_could_look_is_an_error(server, quicksight):
    del quicksight.users["alice"]
    code, _, told = publish(server, quicksight, f"({SALES})")
    assert code != 0
    assert "--user NAME" in told and "bob" in told
    code, _, told = publish(server, quicksight, f"--user bob ({SALES})")
    assert code == 0, told
    (held,) = quicksight.permissions.values()
    assert list(held) == [arn("bob")]


@pytest.mark.parametrize("edition, failure, words", [
    ("STANDARD", None, "Upgrade to Enterprise"),
    ("", Failure("ResourceNotFoundException", "x", 404), "sign up"),
    ("", Failure("AccessDeniedException",
                 f"Account {ACCOUNT} is not signed up", 401), "sign up"),
])
def test_an_account_without_quicksight(server, quicksight, edition, failure,
                                       words):
    quicksight.edition = edition
    if failure:
        quicksight.fail.append(("GET", "", failure))
    code, _, told = publish(server, quicksight, f"({SALES})")
    assert code != 0
    assert words in told
    assert not quicksight.sources


def test_permissions_are_granted_and_taken(server, quicksight):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    code, out, told = redsh(
        server, quicksight, r"\quicksight permissions Sales grant bob "
        "analysts")
    assert code == 0, told
    assert "bob" in out and "analysts" in out and "group" in out
    (held,) = quicksight.permissions.values()
    assert "quicksight:UpdateDashboard" not in held[arn("bob")]
    code, out, told = redsh(
        server, quicksight, r"\quicksight permissions Sales revoke bob")
    assert code == 0, told
    assert "bob" not in out
    code, _, told = redsh(
        server, quicksight, r"\quicksight permissions Sales grant nobody")
    assert code != 0 and 'no user or group "nobody"' in told
    code, out, told = redsh(
        server, quicksight, r"\quicksight permissions Sales revoke alice "
        "analysts")
    assert code == 0 and "Nobody can open it" in out + told
    before = dict(held)
    code, _, told = redsh(
        server, quicksight, r"\quicksight permissions Sales grant bob nobody")
    assert code != 0 and held == before
    code, out, told = redsh(server, quicksight, r"\quicksight groups")
    assert code == 0 and "analysts" in out


@pytest.mark.parametrize("line, words, hint", [
    ("", "what is to be done?", "say publish, dashboards"),
    ("publsh x", 'does not know "publsh"', "say publish, dashboards"),
    ("publish", "needs the dashboard's name", "(QUERY)] [as KIND]"),
    ("open", "needs the dashboard's name", "dashboards lists them"),
    ("permissions X give bob", '"give" is neither grant nor revoke',
     "grant USER|GROUP"),
    ("permissions X grant", "who is to get them?", "users and groups"),
    ("delete a b", '"b" is one word too many', ""),
])
def test_wrong_words_get_the_right_ones(server, quicksight, line, words, hint):
    code, _, told = redsh(server, quicksight, rf"\quicksight {line}")
    assert code != 0
    assert words in told and hint in told
    assert not quicksight.asked


def test_names_with_blanks_are_told_as_they_are_typed(server, quicksight,
                                                      tmp_path):
    for name, told_name in (('"My sales"', '"My sales"'), ("'a:b'", "redsh-")):
        code, out, told = publish(server, quicksight, f"({SALES})", name=name)
        assert code == 0, told
        assert rf"\quicksight open {told_name}" in out + told
    code, out, told = redsh(
        server, quicksight, r'\quicksight report "My sales" --sheet '
        rf'"My sales" --csv {tmp_path}/x')
    assert code == 0, told


def test_open_tells_two_addresses(server, quicksight):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    code, out, told = redsh(server, quicksight, r"\quicksight open Sales")
    assert code == 0, told
    (name,) = quicksight.dashboards
    assert ("https://eu-west-1.quicksight.aws.amazon.com/sn/dashboards/"
            f"{name}\n") in out
    assert "/embed/x?code=SECRET" in out
    assert "within 5 minutes" in out + told


@pytest.mark.parametrize("kind", ["pdf", "csv"])
def test_a_report_is_fetched(server, quicksight, tmp_path, kind):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    to = tmp_path / ("out." + kind)
    code, out, told = redsh(
        server, quicksight, rf"\quicksight report Sales --{kind} {to}")
    assert code == 0, told
    assert to.read_bytes() == b"the " + kind.encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["out." + kind]
    (job,) = quicksight.jobs.values()
    (group,) = job["body"]["SnapshotConfiguration"]["FileGroups"]
    (file,) = group["Files"]
    selection = {"SheetId": "s1", "SelectionScope": "ALL_VISUALS"} \
        if kind == "pdf" else {"SheetId": "s1",
                               "SelectionScope": "SELECTED_VISUALS",
                               "VisualIds": ["s1-table"]}
    assert file == {"FormatType": kind.upper(),
                    "SheetSelections": [selection]}


def test_a_report_that_fails_leaves_no_file(server, quicksight, tmp_path):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    quicksight.job_error = {"ErrorType": "X", "ErrorMessage": "too wide"}
    code, _, told = redsh(
        server, quicksight, rf"\quicksight report Sales --pdf {tmp_path}/x")
    assert code != 0
    assert "too wide" in told
    assert not list(tmp_path.iterdir())
    quicksight.fail.append(("POST", "snapshot-jobs$", Failure(
        "UnsupportedPricingPlanException", "not subscribed to it", 403)))
    code, _, told = redsh(
        server, quicksight, rf"\quicksight report Sales --csv {tmp_path}/x")
    assert code != 0
    assert "Pixel-Perfect Reports" in told


def test_delete_takes_what_publish_made(server, quicksight):
    for name in ("Sales", "Other"):
        assert publish(server, quicksight, f"({SALES})", name=name)[0] == 0
    code, _, told = redsh(server, quicksight, r"\quicksight delete Sales")
    assert code != 0 and "--yes" in told
    assert len(quicksight.dashboards) == 2
    code, _, told = redsh(server, quicksight,
                          r"\quicksight delete Sales --yes")
    assert code == 0, told
    assert (len(quicksight.dashboards), len(quicksight.analyses),
            len(quicksight.sets), len(quicksight.sources)) == (1, 1, 1, 1)
    code, _, told = redsh(server, quicksight,
                          r"\quicksight delete Other --yes")
    assert code == 0, told
    assert not quicksight.sets and not quicksight.sources


def test_delete_leaves_what_publish_did_not_make(server, quicksight):
    """Also where its id begins as ours do."""
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    (own,) = quicksight.sources.values()
    assert redsh(server, quicksight, r"\quicksight delete Sales --yes")[0] == 0
    for name in ("redsh-sales", "redsh-sales-0123abcd", "theirs"):
        quicksight.sources[name] = {
            **own, "DataSourceId": name,
            "Arn": quicksight.arn("datasource", name)}
        assert publish(server, quicksight, f"({SALES})")[0] == 0
        assert list(quicksight.sources) == [name]
        (board,) = quicksight.dashboards
        data_set = next(iter(quicksight.sets.values()))
        for other in (f"{board}-mine", f"{board}-more-0123abcd"):
            quicksight.sets[other] = {**data_set, "DataSetId": other}
        code, out, told = redsh(server, quicksight,
                                r"\quicksight delete Sales --yes")
        assert code == 0, told
        assert "1 data set." in out + told
        assert set(quicksight.sets) == {f"{board}-mine",
                                        f"{board}-more-0123abcd"}
        quicksight.sets.clear()
        quicksight.dashboards["redsh-sales"] = {
            "published": 1, "versions": [{"Name": "Sales"}]}
        quicksight.analyses["redsh-sales"] = {
            "Definition": {"DataSetIdentifierDeclarations": []},
            "Status": "CREATION_SUCCESSFUL"}
        code, out, told = redsh(server, quicksight,
                                r"\quicksight delete Sales --yes")
        assert code == 0, told
        assert not quicksight.dashboards and quicksight.analyses
        quicksight.analyses.clear()
        assert list(quicksight.sources) == [name]
        quicksight.sources.clear()


def test_an_analysis_left_behind_by_its_dashboard_is_updated(server,
                                                             quicksight):
    """Else it would read data sets that are gone."""
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    quicksight.fail.append(("PUT", "/analyses/", Failure(
        "InternalFailureException", "no", 500)))
    assert publish(server, quicksight, "(select 1.5 as revenue)")[0] != 0
    quicksight.fail.clear()
    code, _, told = publish(server, quicksight, "(select 1.5 as revenue)")
    assert code == 0, told
    (analysis,) = quicksight.analyses.values()
    (data_set,) = quicksight.sets
    assert [one["DataSetArn"] for one in analysis["Definition"][
        "DataSetIdentifierDeclarations"]] == [
            quicksight.arn("dataset", data_set)]


def test_a_table_that_is_not_there_gets_a_hint(server, quicksight):
    for what in ("nowhere", "(select * from nowhere)"):
        code, _, told = publish(server, quicksight, what)
        assert code != 0
        assert 'relation "nowhere" does not exist' in told
        assert r"\dt *.* lists the tables" in told
    assert not quicksight.sources


def test_a_delete_that_was_cut_off_goes_on(server, quicksight):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    quicksight.fail.append(("DELETE", "/data-sets/", Failure(
        "InternalFailureException", "no", 500)))
    assert redsh(server, quicksight,
                 r"\quicksight delete Sales --yes")[0] != 0
    assert not quicksight.dashboards and quicksight.sets
    quicksight.fail.clear()
    code, _, told = redsh(server, quicksight,
                          r"\quicksight delete Sales --yes")
    assert code == 0, told
    assert not quicksight.sets and not quicksight.sources


@pytest.mark.parametrize("again", ["delete", "publish"])
def test_a_delete_that_left_the_data_source_goes_on(server, quicksight, again):
    """Cut between data sets and data source; another's source is not its."""
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    (source,) = quicksight.sources.values()
    quicksight.fail.append(("DELETE", "/data-sources/", Failure(
        "InternalFailureException", "no", 500)))
    code, _, told = redsh(server, quicksight,
                          r"\quicksight delete Sales --yes")
    assert code != 0
    assert not quicksight.dashboards and not quicksight.sets
    quicksight.fail.clear()
    quicksight.sources["theirs"] = {
        **source, "DataSourceId": "theirs",
        "Arn": quicksight.arn("datasource", "theirs")}
    if again == "publish":
        assert publish(server, quicksight, f"({SALES})")[0] == 0
        assert len(quicksight.sources) == 2
    code, out, told = redsh(server, quicksight,
                            r"\quicksight delete Sales --yes")
    assert code == 0, told
    assert "data source, which nothing else used" in out + told
    assert list(quicksight.sources) == ["theirs"] and not quicksight.analyses
    code, _, told = redsh(server, quicksight,
                          r"\quicksight delete Sales --yes")
    assert code != 0 and 'no dashboard "Sales"' in told


def test_a_source_that_is_younger_or_in_use_stays(server, quicksight):
    """What a delete that was cut off finds may be another's."""
    for name in ("Sales", "Other"):
        assert publish(server, quicksight, f"({SALES})", name=name)[0] == 0
    quicksight.fail.append(("DELETE", "/analyses/", Failure(
        "InternalFailureException", "no", 500)))
    assert redsh(server, quicksight,
                 r"\quicksight delete Sales --yes")[0] != 0
    quicksight.fail.clear()
    code, out, told = redsh(server, quicksight,
                            r"\quicksight delete Sales --yes")
    assert code == 0, told
    assert "is kept: other data sets read it" in out + told
    assert len(quicksight.sources) == 1
    assert redsh(server, quicksight, r"\quicksight delete Other --yes")[0] == 0
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    quicksight.sets.clear()
    quicksight.dashboards.clear()
    (source,) = quicksight.sources.values()
    source["CreatedTime"] = quicksight.tick()
    code, out, told = redsh(server, quicksight,
                            r"\quicksight delete Sales --yes")
    assert code == 0, told
    assert 'Deleted: what is left of "Sales": its analysis.' in out + told
    assert len(quicksight.sources) == 1 and not quicksight.analyses


def test_a_source_that_may_not_be_deleted_is_told(server, quicksight):
    assert publish(server, quicksight, f"({SALES})")[0] == 0
    quicksight.fail.append(("DELETE", "/data-sources/", Failure(
        "AccessDeniedException", "not authorized", 401)))
    code, _, told = redsh(server, quicksight,
                          r"\quicksight delete Sales --yes")
    assert code == 0, told
    assert "is left, and the next publish uses it again" in told
    assert not quicksight.analyses and len(quicksight.sources) == 1


def test_names_that_several_dashboards_have(server, quicksight):
    for name in ("one", "two"):
        quicksight.dashboards[name] = {
            "published": 1, "versions": [{"Name": "Twin"}]}
    code, _, told = redsh(server, quicksight, r"\quicksight open Twin")
    assert code != 0
    assert "one, two" in told


def test_the_listings(server, quicksight):
    for name in ("A", "B", "C"):
        assert publish(server, quicksight, f"({SALES})", name=name)[0] == 0
    for verb, count in (("dashboards", 3), ("datasets", 3),
                        ("datasources", 1)):
        code, out, told = redsh(server, quicksight,
                                rf"\quicksight {verb}")
        assert code == 0, told
        assert f"({count} row" in out


@pytest.mark.parametrize("line, operation", [
    ("datasets", "ListDataSets"), ("users", "ListUsers"),
    ("delete Sales --yes", "ListDashboards")])
def test_a_list_that_leads_in_a_circle_is_no_list(server, quicksight, line,
                                                  operation):
    """Half of one would make a data source look as if nothing used it."""
    for name in ("Sales", "Other"):
        assert publish(server, quicksight, f"({SALES})", name=name)[0] == 0
    quicksight.dashboards["a"] = {"published": 1, "versions": [{"Name": "a"}]}
    quicksight.pages = lambda key, things, query: (
        200, {key: list(things)[-1:], "NextToken": "again"})
    code, _, told = redsh(server, quicksight, rf"\quicksight {line}")
    assert code != 0
    assert f"{operation}: the list does not end" in told
    assert quicksight.sources and len(quicksight.sets) == 2


def test_print_sends_nothing(server, quicksight):
    code, out, told = publish(server, quicksight, f"--print ({SALES})")
    assert code == 0, told
    assert '"LineChartVisual"' in out and '"CustomSql"' in out
    assert not quicksight.asked


@pytest.mark.parametrize("path, kind", [
    ("/data-sources/redsh-", "sources"), ("/ingestions/", "ingestions"),
    ("/dashboards/redsh-", "dashboards"), ("/analyses/redsh-", "analyses"),
])
def test_ctrl_c_leaves_what_the_next_publish_takes_up(server, quicksight,
                                                      path, kind):
    answer = quicksight.answer
    waited = []

    def slow_answer(method, where, *rest):
        """What is waited for never ends."""
        if method == "GET" and path in where:
            waited.append(where)
            for one in getattr(quicksight, kind).values():
                one.get("versions", [one])[-1]["left"] = 5
        return answer(method, where, *rest)

    quicksight.answer = slow_answer
    running = subprocess.Popen(
        [os.environ["REDSH"], "-X", "-c",
         rf"\quicksight publish Sales --secret {SECRET} ({SALES}) --spice"],
        env=environment_of(server, quicksight), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    while len(waited) < 3 and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode != 0
    assert "publish it again" in told
    quicksight.answer = answer
    code, out, told = publish(server, quicksight, f"({SALES}) --spice")
    assert code == 0, told
    assert (len(quicksight.sources), len(quicksight.sets),
            len(quicksight.analyses), len(quicksight.dashboards)) == \
        (1, 1, 1, 1)


def publish_cluster(server, quicksight, dsn="", **variables):
    done = subprocess.run(
        [os.environ["REDSH"], "-X",
         "cluster_identifier=sales iam=false " + dsn,
         "-c", rf"\quicksight publish Sales ({SALES})"],
        env=environment_of(server, quicksight, **variables),
        capture_output=True, check=False, timeout=120, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_private_cluster_without_a_way_in_is_refused(server, quicksight):
    """Before QuickSight waits for minutes for what cannot be."""
    def cluster(public):
        quicksight.clusters = (
            "<Cluster><ClusterIdentifier>sales</ClusterIdentifier><VpcId>vpc-1"
            f"</VpcId><PubliclyAccessible>{public}</PubliclyAccessible>"
            f"<MasterPasswordSecretArn>{SECRET}</MasterPasswordSecretArn>"
            "</Cluster>")

    cluster("false")
    code, told = publish_cluster(server, quicksight)
    assert code != 0
    assert "QuickSight in eu-west-1 has no VPC connection to vpc-1" in told
    assert "WithQuickSight = yes" in told and "--vpc ARN" in told
    quicksight.vpcs = [{"VPCId": "vpc-1", "AvailabilityStatus": "UNAVAILABLE",
                        "Name": "mine", "Arn": "arn:broken"}]
    code, told = publish_cluster(server, quicksight)
    assert code != 0 and '"mine" is UNAVAILABLE' in told
    quicksight.vpcs.clear()
    code, told = publish_cluster(server, quicksight, "region=us-west-2")
    assert code != 0 and r"\aws region us-west-2" in told
    assert not quicksight.sources
    quicksight.fail.append(("GET", "/vpc-connections", Failure(
        "AccessDeniedException", "not authorized", 401)))
    code, told = publish_cluster(server, quicksight)
    assert code == 0, told
    quicksight.fail.clear()
    quicksight.sources.clear()
    cluster("true")
    code, told = publish_cluster(server, quicksight)
    assert code == 0, told


def test_a_cluster_of_another_region_is_told_by_its_host(server, quicksight):
    """QuickSight looks for a cluster's name in its own region."""
    quicksight.clusters = (
        "<Cluster><ClusterIdentifier>sales</ClusterIdentifier>"
        "<PubliclyAccessible>true</PubliclyAccessible>"
        f"<MasterPasswordSecretArn>{SECRET}</MasterPasswordSecretArn>"
        "</Cluster>")
    code, told = publish_cluster(server, quicksight, "region=us-west-2")
    assert code == 0, told
    (source,) = quicksight.sources.values()
    given = source["DataSourceParameters"]["RedshiftParameters"]
    assert "ClusterId" not in given and given["Host"] == str(server.dir)


def test_a_private_cluster_brings_its_secret_and_vpc(server, quicksight):
    quicksight.clusters = (
        "<Cluster><ClusterIdentifier>sales</ClusterIdentifier>"
        "<VpcId>vpc-1</VpcId><PubliclyAccessible>false</PubliclyAccessible>"
        f"<MasterPasswordSecretArn>{SECRET}</MasterPasswordSecretArn>"
        "</Cluster>")
    quicksight.vpcs = [
        {"VPCId": vpc, "AvailabilityStatus": state, "Arn": "arn:" + name}
        for vpc, state, name in (("vpc-1", "UNAVAILABLE", "broken"),
                                 ("vpc-2", "AVAILABLE", "other"),
                                 ("vpc-1", "AVAILABLE", "right"))]
    code, told = publish_cluster(server, quicksight)
    assert code == 0, told
    (body,) = [body for method, path, _, body in quicksight.asked
               if method == "POST" and path.endswith("/data-sources")]
    assert body["DataSourceParameters"]["RedshiftParameters"] == {
        "Database": "postgres", "ClusterId": "sales"}
    assert body["Credentials"] == {"SecretArn": SECRET}
    assert body["VpcConnectionProperties"] == {"VpcConnectionArn": "arn:right"}
