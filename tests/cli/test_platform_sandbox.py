"""\\platform with the templates of share/platform against the sandbox: made,
planned without change, changed, each resource failing in turn, Ctrl-C in each
phase and the next command takes it up, deleted; \\c @NAME and \\copyfrom
afterwards."""

import re
import signal
import time

import pytest

from platform_person import (COMMON, KINDS, POLL, STEP_MS, Person, begin,
                             set_parameter)
from sandbox_server import Sandbox


@pytest.fixture(scope="module", name="sandbox")
def make_sandbox():
    running = Sandbox("--stack-step", str(STEP_MS))
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(sandbox, tmp_path):
    person = Person(sandbox, tmp_path)
    yield person
    if (tmp_path / "sales").exists():
        person.clean()


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_life_of_a_platform(me, kind):
    names = begin(me, kind)
    out, _ = me.run(rf"\platform plan sales {POLL}")
    assert sorted(line.split("|")[1] for line in out.splitlines()) == sorted(
        names)
    assert me.status() is None          # nothing is left of the plan
    _, told = me.run(rf"\platform create sales --yes {POLL}")
    for name in names:
        assert re.search(rf"CREATE_COMPLETE +{name} ", told), name
    assert r"Saved as @sales" in told
    # The connection, the staging place and the role work at once.
    (me.home / "t.csv").write_text("id,name\n1,a\n2,b\n")
    out, told = me.run(r"\c @sales", "create table t (id int, name "
                       "varchar(10))", r"\copyfrom t t.csv --yes",
                       "select sum(id), min(name) from t")
    assert out.splitlines()[-1] == "3|a", told
    assert "role/sales-CopyRole" in told
    me.run(r"\c @sales", "unload ('select 1 as a') to 's3://" + re.search(
        r"s3://([^/]+)/", told).group(1) + "/u/' iam_role default")
    out, _ = me.run(r"\platform outputs sales")
    assert re.search(r"^DataBucket\|sales-databucket", out, re.M)
    # No change, and a change.
    _, told = me.run(rf"\platform plan sales {POLL}")
    assert "Nothing to change" in told
    set_parameter(me, "AllowedCidr", "10.30.0.0/16")
    out, _ = me.run(rf"\platform plan sales {POLL}")
    assert out.startswith("changed|WarehouseGroup|AWS::EC2::SecurityGroup|"
                          "SecurityGroupIngress"), out
    _, told = me.run(rf"\platform update sales --yes {POLL}")
    assert re.search(r"UPDATE_COMPLETE +WarehouseGroup ", told)
    # The end: the bucket stays.
    _, told = me.run(rf"\platform delete sales --yes sales {POLL}")
    bucket = re.search(r"DataBucket \(AWS::S3::Bucket\) stays: (\S+)", told)[1]
    assert "The connection @sales is forgotten." in told
    assert bucket in me.run(r"\s3ls")[0]
    me.run(rf"\s3rb --force --yes s3://{bucket}")


def test_a_large_template_goes_by_way_of_s3(me):
    begin(me)
    with open(me.home / "sales/platform.yaml", "a", encoding="utf-8") as file:
        file.write(("# " + "x" * 76 + "\n") * 700)
    _, told = me.run(rf"\platform plan sales {POLL}", fails=True)
    assert "CloudFormation takes 51200 in a request" in told
    me.run(r"\s3mb s3://templates-wait")
    set_ = r"\set STAGING s3://templates-wait/here/"
    out, _ = me.run(set_, rf"\platform plan sales {POLL}")
    assert "added|Cluster|" in out
    me.run(set_, rf"\platform create sales --yes {POLL}")
    assert me.status() == "CREATE_COMPLETE"
    # Nothing is left there.
    me.run(r"\s3rb --yes s3://templates-wait")


@pytest.mark.parametrize("kind,name", [
    (kind, name) for kind, (_, names) in KINDS.items() for name in names
    if kind == "cluster" or name not in COMMON])
def test_the_failure_of_each_resource_gives_its_cause(me, kind, name):
    begin(me, kind)
    me.sandbox.call("fault", "add", "--op", "CreateResource", "--resource",
                    name, "fail", "code=AccessDenied",
                    "reason=User: u is not authorized to perform: "
                    "x:Make on resource: r")
    _, told = me.run(rf"\platform create sales --yes {POLL}", fails=True)
    error = told[told.index("the stack sales could not be made"):]
    assert re.search(rf": {name} \(AWS::[A-Za-z0-9:]+\): the AWS identity in "
                     r"use may not x:Make\.", error), error
    assert "cancelled" not in error and "(ROLLBACK_COMPLETE)" in error
    # What was made went again, the bucket too, which a deletion keeps.
    assert "sales-databucket" not in me.run(r"\s3ls")[0]
    me.sandbox.call("fault", "clear")
    # What is left is told, deleted, and made anew.
    _, told = me.run(rf"\platform create sales --yes {POLL}", fails=True)
    assert r"\platform delete sales, then \platform create sales" in told
    me.run(rf"\platform delete sales --yes sales {POLL}")
    assert me.status() is None


def test_an_update_that_fails_goes_back(me):
    begin(me)
    me.run(rf"\platform create sales --yes {POLL}")
    set_parameter(me, "AllowedCidr", "10.30.0.0/16")
    me.sandbox.call("fault", "add", "--op", "UpdateResource", "--resource",
                    "WarehouseGroup", "fail", "reason=Rate exceeded")
    _, told = me.run(rf"\platform update sales --yes {POLL}", fails=True)
    assert "WarehouseGroup (AWS::EC2::SecurityGroup): AWS was asked for" in told
    assert "(UPDATE_ROLLBACK_COMPLETE)" in told
    me.sandbox.call("fault", "clear")
    me.run(rf"\platform update sales --yes {POLL}")
    assert me.status() == "UPDATE_COMPLETE"


def test_a_deletion_that_fails_is_tried_again_without_what_stays(me):
    begin(me)
    me.run(rf"\platform create sales --yes {POLL}")
    me.sandbox.call("fault", "add", "--op", "DeleteResource", "--resource",
                    "CopyRole", "fail", "reason=Cannot delete entity, must "
                    "detach all policies first")
    _, told = me.run(rf"\platform delete sales --yes sales {POLL}", fails=True)
    assert "CopyRole (AWS::IAM::Role)" in told and "must detach all" in told
    assert me.status() == "DELETE_FAILED"
    me.sandbox.call("fault", "clear")
    me.run(rf"\platform delete sales --yes sales {POLL}")
    assert me.status() is None


@pytest.mark.parametrize("line", [
    "Needs CAPABILITY", "CREATE_COMPLETE +Network ", "CREATE_COMPLETE +CopyR",
    "CREATE_COMPLETE +ClusterSubnets "])
def test_ctrl_c_while_it_is_made_is_taken_up(me, line):
    begin(me)
    told, code = me.interrupt(rf"\platform create sales --yes {POLL}", line)
    if code != 0:
        assert "goes on at AWS" in told or "nothing of the plan is left" in \
            told or "may have begun" in told, told
    _, told = me.run(rf"\platform create sales --yes {POLL}")
    assert me.status() == "CREATE_COMPLETE"
    assert "Saved as @sales" in told


def test_ctrl_c_while_it_is_planned_leaves_no_stack(me):
    begin(me)
    process = me.start(rf"\platform plan sales {POLL}")
    time.sleep(0.3)     # somewhere in the middle of it, wherever that is
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert me.status() is None


def test_ctrl_c_while_it_is_deleted_is_taken_up(me):
    begin(me)
    me.run(rf"\platform create sales --yes {POLL}")
    told, code = me.interrupt(rf"\platform delete sales --yes sales {POLL}",
                              "DELETE_COMPLETE")
    assert code == 0 or "goes on at AWS" in told
    me.run(rf"\platform delete sales --yes sales {POLL}")
    assert me.status() is None


def test_init_lets_a_user_of_quicksight_in(me):
    line = r"\platform init shop --cidr 10.20.0.0/16 --serverless --quicksight"
    _, told = me.run(f"{line} nobody", fails=True)
    assert 'QuickSight has no user or group "nobody"' in told
    assert not (me.home / "shop").exists()
    me.run(f"{line} sandbox")
    conf = (me.home / "shop/platform.conf").read_text()
    assert "\nWithQuickSight = yes\n" in conf
    assert re.search(r"^QuickSightUserArn = arn:aws:quicksight:us-east-1:"
                     r"\d+:user/default/sandbox$", conf, re.M)
