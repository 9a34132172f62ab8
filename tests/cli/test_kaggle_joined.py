"""A sandbox joined by --sandbox has a Kaggle too."""

import os
import subprocess

import pytest

from stage_sandbox import Stage

OWN = "https://kaggle.example"


@pytest.fixture(scope="module", name="stage")
def make_stage():
    running = Stage()
    yield running
    running.stop()


def joined(stage, home, **own):
    """Kaggle's variables inside of redsh --sandbox."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("AWS_", "XDG_", "PG", "KAGGLE_"))}
    done = subprocess.run(
        [os.path.abspath(os.environ["REDSH"]), "-X",
         f"--sandbox={stage.sandbox.dir}", "-c",
         r"\! env | grep ^KAGGLE_ | sort"],
        env=env | {"HOME": str(home)} | own, capture_output=True, check=True,
        text=True, timeout=120, stdin=subprocess.DEVNULL)
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_the_sandbox_brings_its_kaggle_unless_one_has_an_own(stage, tmp_path):
    theirs = {name: value for name, value in stage.env.items()
              if name.startswith("KAGGLE_")}
    assert len(theirs) == 4
    assert joined(stage, tmp_path) == theirs
    # joined before: what is there is a sandbox's
    old = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1",
           "KAGGLE_API_ENDPOINT": "http://127.0.0.1:1",
           "KAGGLE_USERNAME": "sandbox", "KAGGLE_KEY": "old",
           "KAGGLE_API_TOKEN": "old"}
    assert joined(stage, tmp_path, **old) == theirs
    own = {"KAGGLE_USERNAME": "me", "KAGGLE_KEY": "mine"}
    endpoint = {"KAGGLE_API_ENDPOINT": theirs["KAGGLE_API_ENDPOINT"]}
    assert joined(stage, tmp_path, **own) == own | endpoint
    own = {"KAGGLE_API_TOKEN": "mine"}
    assert joined(stage, tmp_path, **own) == own | endpoint
    own = {"KAGGLE_API_ENDPOINT": OWN}
    assert joined(stage, tmp_path, **own) == own
