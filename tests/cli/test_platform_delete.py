"""\\platform delete --with-data against the sandbox: the data goes last, so that
whatever is refused on the way, and wherever Ctrl-C comes, none is lost for a
stack that stays; and the next command takes it up."""

import re
import signal

import pytest

from platform_person import POLL, STEP_MS, Person, begin
from sandbox_server import Sandbox

DELETE = rf"\platform delete sales --yes sales --with-data {POLL}"
EMPTIES = "DeleteObject*"


@pytest.fixture(scope="module", name="sandbox")
def make_sandbox():
    running = Sandbox("--stack-step", str(STEP_MS))
    yield running
    running.stop()


class Owner(Person):
    """Of a platform with two objects in its bucket."""

    def __init__(self, sandbox, home):
        super().__init__(sandbox, home)
        begin(self)
        self.make()

    def make(self, change=None):
        if change:
            path = self.home / "sales/platform.yaml"
            path.write_text(change(path.read_text()))
        self.run(rf"\platform create sales --yes {POLL}")
        out, _ = self.run(r"\platform outputs sales")
        self.bucket = re.search(r"^DataBucket\|(\S+)", out, re.M)[1]
        (self.home / "a").write_text("x")
        self.run(rf"\s3put a s3://{self.bucket}/a",
                 rf"\s3put a s3://{self.bucket}/b/c")

    def has_bucket(self):
        return self.bucket in self.run(r"\s3ls")[0]

    def objects(self):
        out, _ = self.run(rf"\s3ls -r s3://{self.bucket}/")
        return len(out.splitlines())

    def deny(self, *rows):
        path = self.sandbox.dir / "denied.tsv"
        path.write_text("action\tresource\n" + "".join(
            f"{action}\t*\n" for action in rows))

    def allow(self):
        (self.sandbox.dir / "denied.tsv").unlink(missing_ok=True)


@pytest.fixture(name="me")
def make_me(sandbox, tmp_path):
    owner = Owner(sandbox, tmp_path)
    yield owner
    owner.allow()
    owner.clean()


def test_every_version_goes_when_the_stack_is_gone(me):
    out, told = me.run(DELETE)
    assert ("with 2 objects, 2 B will be emptied and removed for good, when "
            "all else is gone") in told
    assert "goes, with all its objects" in out
    assert told.index("The stack sales is deleted.") < told.index(
        f"removed: s3://{me.bucket}")
    assert not me.has_bucket()


def test_a_deletion_that_is_refused_costs_no_data(me):
    me.deny("cloudformation:DeleteStack")
    _, told = me.run(DELETE, fails=True)
    assert '"Action": "cloudformation:DeleteStack"' in told
    assert me.objects() == 2 and me.status() == "CREATE_COMPLETE"


def test_a_deletion_that_fails_in_the_middle_costs_no_data(me):
    me.sandbox.call("fault", "add", "--op", "DeleteResource", "--resource",
                    "CopyRole", "fail", "reason=must detach all policies")
    _, told = me.run(DELETE, fails=True)
    assert "CopyRole (AWS::IAM::Role)" in told
    assert me.objects() == 2 and me.status() == "DELETE_FAILED"
    me.sandbox.call("fault", "clear")
    me.run(DELETE)
    assert not me.has_bucket() and me.status() is None


def loose(text):
    """Without its DeletionPolicy the bucket goes with the stack."""
    done = re.sub(r"(\n  DataBucket:\n(?:    .*\n)*?)    DeletionPolicy: "
                  r".*\n(    UpdateReplacePolicy: .*\n)?", r"\1", text)
    assert done != text
    return done


def test_a_bucket_that_the_stack_does_not_keep_is_emptied_last(me):
    me.run(DELETE)
    me.make(loose)
    _, told = me.run(rf"\platform delete sales --yes sales {POLL}", fails=True)
    assert "the bucket is not empty" in told
    assert r"\platform delete sales --with-data empties it" in told
    assert me.objects() == 2 and me.status() == "DELETE_FAILED"
    _, told = me.run(DELETE)
    assert "All else is gone: s3://" in told
    assert told.index("All else is gone") < told.index("The stack sales is de")
    assert not me.has_bucket() and me.status() is None


def test_what_else_failed_keeps_the_objects_of_such_a_bucket(me):
    me.run(DELETE)
    me.make(loose)
    me.sandbox.call("fault", "add", "--op", "DeleteResource", "--resource",
                    "CopyRole", "fail", "reason=must detach all policies")
    me.run(DELETE, fails=True)
    assert me.objects() == 2 and me.status() == "DELETE_FAILED"
    me.sandbox.call("fault", "add", "--op", "DeleteResource", "--resource",
                    "CopyRole", "fail", "reason=must detach all policies")
    # --retain leaves the role, not the data
    out, told = me.run(DELETE + " --retain")
    assert re.search(r"CopyRole\|.*\|stays at AWS", out)
    assert "goes, with all its objects" in out
    assert not me.has_bucket() and me.status() is None


def test_ctrl_c_while_the_stack_goes_leaves_the_data_for_the_next(me):
    told, code = me.interrupt(DELETE, "DELETE_COMPLETE")
    assert code != 0 and "goes on at AWS" in told
    assert (r"\platform delete sales --with-data follows it again and then "
            f"removes s3://{me.bucket}, which is untouched so far") in told
    assert me.objects() == 2
    # Of a deletion under way the name is asked for as of another.
    _, told = me.run(r"\platform delete sales --with-data", fails=True)
    assert "by its name only" in told or "There is no stack" in told
    me.run(DELETE)
    assert not me.has_bucket()


def test_ctrl_c_when_the_stack_is_gone_leaves_the_bucket_for_the_next(me):
    me.sandbox.call("fault", "add", "--op", EMPTIES, "--count", "1",
                    "delay=60000")
    process = me.start(DELETE)
    told = ""
    while "The stack sales is deleted." not in told:
        told += process.stderr.readline()
    while "delay" in me.sandbox.call("fault", "list") and \
            " 1 " in me.sandbox.call("fault", "list"):
        pass                                # until it waits there
    process.send_signal(signal.SIGINT)
    told += process.communicate(timeout=60)[1]
    assert process.returncode != 0
    assert "the stack sales is gone, but s3://" in told
    assert r"\platform delete sales --with-data goes on with it" in told
    me.sandbox.call("fault", "clear")
    assert me.has_bucket() and me.status() is None
    # Without --with-data nothing is said or done.
    _, told = me.run(r"\platform delete sales --yes sales")
    assert "nothing to delete" in told and me.bucket not in told
    _, told = me.run(r"\platform delete sales --with-data", fails=True)
    assert "by its name only" in told and me.has_bucket()
    _, told = me.run(DELETE)
    assert f"The stack has left s3://{me.bucket} with" in told
    assert not me.has_bucket()
    _, told = me.run(DELETE)
    assert "nothing to delete" in told and "has left" not in told


def test_rights_that_are_missing_for_the_data_are_told_with_the_next_step(me):
    me.sandbox.call("fault", "add", "--op", EMPTIES, "status=403",
                    "code=AccessDenied")
    _, told = me.run(DELETE, fails=True)
    assert "the stack sales is gone, but s3://" in told
    assert r"then \platform delete sales --with-data goes on with it" in told
    me.sandbox.call("fault", "clear")
    me.deny("cloudformation:ListStacks")
    _, told = me.run(DELETE)
    assert "whether a bucket of an earlier stack sales is left" in told
    assert r"\s3ls shows the buckets" in told and me.has_bucket()
    me.allow()
    me.run(DELETE)
    assert not me.has_bucket()
