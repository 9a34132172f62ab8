"""Words of AWS and Kaggle at a terminal: names and reasons that others chose
give it no orders, in messages, in the line of progress, in questions and
addresses."""

import os
import sys

import pytest

from terminal import CTRL_C, REDSH, TAB, Terminal, environment

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))
from fake_aws import FakeAws  # noqa: E402
from fake_quicksight import FakeQuickSight  # noqa: E402
from kaggle_server import KEY, USER, Kaggle  # noqa: E402
from scripted_cfn import RESOURCES, ScriptedCfn, failed, made  # noqa: E402

ORDERS = {
    "a window title": "\x1b]0;owned\x07",
    "C1 controls": "a\u009b31mb\u0090q\u009c",
    "bidirectional overrides": "a\u202eb\u2066c\u200f",
}
# XML has no way to write an escape character, JSON has.
OF_XML = ["C1 controls", "bidirectional overrides"]


def is_obeyed(term, text):
    sent = term.raw.decode(errors="replace")
    orders = [c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or
              0x200e <= ord(c) <= 0x2069]
    # The shell itself uses escapes: the whole of the server's is looked for.
    return text in sent if "\x1b" in text else any(c in sent for c in orders)


def start(home, url, **more):
    env = environment(home, AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="AKIAX",
                      AWS_SECRET_ACCESS_KEY="x", AWS_REGION="eu-west-1",
                      AWS_MAX_ATTEMPTS="1", **more)
    return Terminal([REDSH, "-X", "--offline"], env, rows=50, columns=200,
                    cwd=home)


@pytest.fixture
def cfn():
    running = ScriptedCfn()
    yield running
    running.close()


@pytest.fixture
def quicksight():
    running = FakeQuickSight()
    yield running
    running.close()


@pytest.fixture
def kaggle():
    running = Kaggle()
    yield running
    running.stop()


def make_platform(term):
    term.wait_for_prompt()
    term.line("\\platform init sales --cidr 10.0.0.0/16")
    term.wait_for("nothing costs")


@pytest.mark.parametrize("what", OF_XML)
def test_reasons_of_a_stack_that_failed(cfn, tmp_path, what):
    text = ORDERS[what]
    cfn.script = failed("Cluster", "no room " + text)
    with start(tmp_path, cfn.url) as term:
        make_platform(term)
        term.line("\\platform create sales --yes --poll 20ms")
        term.wait_for("HINT:")
        term.line("\\platform events sales")
        term.wait_for("The cause is")
        term.line("\\platform status sales")
        term.wait_for("Next:")
        assert not is_obeyed(term, text)


@pytest.mark.parametrize("what", OF_XML)
def test_names_in_the_line_of_progress(cfn, tmp_path, what):
    text = ORDERS[what]
    cfn.script = made()
    cfn.script.insert(1, ("x" + text, RESOURCES[0][1], "CREATE_IN_PROGRESS",
                          ""))
    with start(tmp_path, cfn.url) as term:
        make_platform(term)
        term.line("\\platform create sales --yes --poll 500ms")
        term.wait_for("ready; x")
        assert not is_obeyed(term, text)
        term.send(CTRL_C)
        term.wait_for("no longer following")


def dashboard(name):
    return {"published": 1, "versions": [{
        "Name": name, "Status": "CREATION_SUCCESSFUL",
        "VersionDescription": "", "Definition": {
            "Sheets": [], "DataSetIdentifierDeclarations": [
                {"DataSetArn": "arn:x:dataset/one"}]}}]}


@pytest.mark.parametrize("what", ORDERS)
def test_names_and_addresses_of_quicksight(quicksight, tmp_path, what):
    text = ORDERS[what]
    quicksight.dashboards["plain"] = dashboard("it " + text)
    quicksight.sets["one"] = {"Name": "set " + text, "ImportMode": "SPICE"}
    quicksight.post_embed_url_2 = lambda *_: (200, {
        "EmbedUrl": "https://x/" + text})
    with start(tmp_path, quicksight.url) as term:
        term.wait_for_prompt()
        term.line("\\quicksight open plain")
        term.wait_for("Whoever has it sees")
        term.line("\\quicksight refresh plain")
        term.wait_for_pattern(r"set .*: 4,?321 rows")
        term.line("\\quicksight delete plain")
        term.wait_for("[y/N]")
        term.line("y")
        term.wait_for("Deleted:")
        assert not is_obeyed(term, text)


@pytest.mark.parametrize("what", ORDERS)
def test_names_that_tab_offers(quicksight, tmp_path, what):
    text = ORDERS[what]
    for name in ("sales", "salt"):
        quicksight.dashboards[name] = dashboard(name + text)
    with start(tmp_path, quicksight.url) as term:
        term.wait_for_prompt()
        term.line("\\quicksight dashboards")
        term.wait_for("(2 rows)")
        term.send("\\quicksight open s" + TAB)
        term.wait_for_pattern(r"open sal")
        term.send("e" + TAB)
        term.wait_for_pattern(r"open \W?sales")
        assert not is_obeyed(term, text)


@pytest.mark.parametrize("what", ORDERS)
def test_warehouses_to_choose_from(tmp_path, what):
    text = ORDERS[what]
    aws = FakeAws({})
    aws.answers.update(
        DescribeClusters=lambda *_: "<Clusters></Clusters>",
        ListWorkgroups=lambda *_: {"workgroups": [
            {"workgroupName": f"ana{text}\n  2  bob", "status": "AVAILABLE",
             "baseCapacity": 8}]})
    env = environment(tmp_path, AWS_ENDPOINT_URL=aws.url, AWS_REGION="eu-west-1",
                      AWS_ACCESS_KEY_ID="AKIAX", AWS_SECRET_ACCESS_KEY="x")
    with Terminal([REDSH, "-X"], env, columns=200) as term:
        term.wait_for("Which one? [1-1, Enter: none]")
        assert not is_obeyed(term, text)
        assert any(line.startswith("  1  ana") and "2  bob" in line
                   for line in term.lines())
    aws.close()


@pytest.mark.parametrize("what", ORDERS)
def test_words_of_kaggle(kaggle, tmp_path, what):
    text = ORDERS[what]
    kaggle.found = [{"ref": "a/b", "title": "it " + text}]
    kaggle.first = [lambda request: request.answer_json(
        500, {"message": "later " + text}) for _ in range(6)]
    with start(tmp_path, kaggle.url, KAGGLE_API_ENDPOINT=kaggle.url,
               KAGGLE_USERNAME=USER, KAGGLE_KEY=KEY) as term:
        term.wait_for_prompt()
        term.line("\\kaggle search a")
        term.wait_for("HINT:")
        term.line("\\kaggle search a")
        term.wait_for("a/b")
        assert not is_obeyed(term, text)
