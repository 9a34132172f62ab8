"""Local files go by way of S3 into a table, and nothing stays there."""

import json

import pytest

from stage_sandbox import Person, Stage


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


@pytest.fixture(name="me")
def make_me(stage, tmp_path):
    stage.fault("clear")
    yield Person(stage, tmp_path)
    stage.fault("clear")
    for key in stage.keys():
        stage.s3("DELETE", "/lake/" + key)


# --- \staged ---

def leave_note(me, name="20260101-000000-0badcafe", **more):
    folder = me.home / ".local/state/redsh/staged"
    folder.mkdir(parents=True, exist_ok=True)
    note = {"id": name, "folder": f"s3://lake/stage/redsh-stage/{name}/",
            "endpoint": me.env["AWS_ENDPOINT_URL"], "table": "sales",
            "what": "a.csv", "at_ms": 1767225600000} | more
    (folder / name).write_text(json.dumps(note) + "\n")
    return f"stage/redsh-stage/{name}/"


def test_what_was_left_is_listed_and_taken_away(stage, me):
    prefix = leave_note(me)
    other = leave_note(me, "20260102-000000-0badcafe")
    for key in (prefix + "1.gz", prefix + "2.gz", other + "1.gz", "data.csv"):
        stage.s3("PUT", "/lake/" + key, b"x")
    stage.s3("POST", f"/lake/{prefix}big?uploads")
    said = me.run(r"\staged")
    assert "20260101-000000-0badcafe" in said and "sales" in said
    assert "left behind" in said
    assert "removed" in me.run(r"\staged --remove 20260101-000000-0badcafe")
    assert stage.keys() == ["data.csv", other + "1.gz"]
    assert stage.uploads() == 0
    assert len(me.notes()) == 1
    me.run(r"\staged --remove")
    assert stage.keys() == ["data.csv"]
    assert not me.notes()
    assert "nothing was left" in me.run(r"\staged --remove")


def test_a_note_stays_while_its_objects_do(stage, me):
    prefix = leave_note(me)
    stage.s3("PUT", f"/lake/{prefix}1.gz", b"x")
    stage.fault("add", "--op", "DeleteObjects", "--count", "all",
                "status=403")
    said = me.run(r"\staged --remove", fails=True)
    assert "is not removed" in said and "s3:DeleteObject" in said
    assert len(me.notes()) == 1
    stage.fault("clear")
    me.run(r"\staged --remove")
    assert not stage.keys()


def test_uploads_that_one_may_not_list_are_left(stage, me):
    prefix = leave_note(me)
    stage.s3("PUT", f"/lake/{prefix}1.gz", b"x")
    stage.fault("add", "--op", "ListMultipartUploads", "--count", "all",
                "status=403")
    me.run(r"\staged --remove")
    assert not stage.keys() and not me.notes()


def test_notes_of_another_s3_are_kept(stage, me):
    leave_note(me, endpoint="")
    said = me.run(r"\staged --remove", fails=True)
    assert "endpoint of AWS" in said
    assert len(me.notes()) == 1


def test_ids_are_no_paths(me):
    assert "no id" in me.run(r"\staged --remove ../../history", fails=True)
    assert "no note" in me.run(r"\staged --remove 2026", fails=True)
    assert "--remove" in me.run(r"\staged 2026", fails=True)


def test_a_staging_place_is_a_place_in_s3(me):
    said = me.run(r"\set STAGING lake/stage", fails=True)
    assert "STAGING" in said and "s3://" in said
    me.run(r"\set STAGING s3://lake/stage", r"\unset STAGING")
