"""\\platform at a terminal: what it asks before data goes, slips in answers and
in the names of folders."""

import os
import sys

import pytest

from terminal import CTRL_C
from test_orders import make_platform, start

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))
from scripted_cfn import CLUSTER, ScriptedCfn, made  # noqa: E402


@pytest.fixture(name="cfn")
def make_cfn():
    running = ScriptedCfn()
    yield running
    running.close()


def change(more, type_=CLUSTER):
    return (f"<Action>Modify</Action><LogicalResourceId>Cluster"
            f"</LogicalResourceId><ResourceType>{type_}</ResourceType>" + more)


@pytest.mark.parametrize("more,fate", [
    ("<Replacement>True</Replacement>", "what is in the old one is lost"),
    ("<Replacement>True</Replacement><PolicyAction>ReplaceAndSnapshot"
     "</PolicyAction>", "is in its last snapshot only")])
def test_a_change_that_costs_data_is_asked_for_by_name(cfn, tmp_path, more,
                                                       fate):
    cfn.add()
    cfn.changes = [change(more)]
    cfn.script = made("UPDATE")
    with start(tmp_path, cfn.url) as term:
        make_platform(term)
        term.line("\\platform update sales --poll 20ms")
        term.wait_for(fate)
        term.wait_for("Data goes with this. Type the name of the stack")
        term.line("y")
        term.wait_for('"y" is not sales.')
        term.wait_for("Nothing was changed.")
        assert "ExecuteChangeSet" not in cfn.operations()
        term.line("\\platform update sales --poll 20ms")
        term.wait_for("to change it so:")
        term.line("sales")
        term.wait_for("is there, changed")


def test_a_change_that_costs_none_is_a_yes(cfn, tmp_path):
    cfn.add()
    cfn.changes = [change("<Replacement>False</Replacement>"),
                   change("<Replacement>True</Replacement>", "AWS::EC2::VPC")]
    cfn.script = made("UPDATE")
    with start(tmp_path, cfn.url) as term:
        make_platform(term)
        term.line("\\platform update sales --poll 20ms")
        term.wait_for("Change the stack sales so? [y/N]")
        term.line("y")
        term.wait_for("is there, changed")


def test_a_deletion_by_another_name_is_none(cfn, tmp_path):
    cfn.add()
    with start(tmp_path, cfn.url) as term:
        make_platform(term)
        term.line("\\platform delete sales")
        term.wait_for("to delete it:")
        term.line("sale")
        term.wait_for('"sale" is not sales.')
        term.wait_for("Nothing was deleted.")
        term.line("\\platform delete sales")
        term.wait_for("to delete it:")
        term.send(CTRL_C)
        term.wait_for_prompt()
        assert "DeleteStack" not in cfn.operations()


def test_a_folder_that_has_none_names_those_that_have(cfn, tmp_path):
    with start(tmp_path, cfn.url) as term:
        make_platform(term)
        term.line("\\platform plan sals")
        term.wait_for("here is one: \\platform plan sales; \\platform init")
        term.line("\\platform")
        term.wait_for("here is one: \\platform status sales;")
