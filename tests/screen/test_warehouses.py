"""No host is given: a list to choose from; what is resuming is waited for."""

import shlex

import pytest

from fake_aws import FakeAws
from terminal import REDSH, Terminal, environment


@pytest.fixture
def world(sandbox, tmp_path):
    """A fake AWS whose clusters are all the sandbox's database."""
    words = shlex.split(sandbox.run("env", "--dir", sandbox.folder))
    said = dict(word.split("=", 1) for word in words if "=" in word)
    fake = FakeAws({})
    fake.statuses = ["available"]
    fake.port = said["PGPORT"]

    def describe(region, parameters):
        status = fake.statuses[0]
        if len(fake.statuses) > 1:
            fake.statuses.pop(0)
        place = "" if status != "available" else (
            "<Endpoint><Address>localhost</Address>"
            f"<Port>{said['PGPORT']}</Port></Endpoint>")
        return ("<Clusters><Cluster><ClusterIdentifier>sales</ClusterIdentifier>"
                f"<ClusterStatus>{status}</ClusterStatus><DBName>dev</DBName>"
                f"{place}</Cluster></Clusters>")

    fake.answers.update(
        DescribeClusters=describe,
        ListWorkgroups=lambda *_: {"workgroups": [
            {"workgroupName": "ana", "status": "AVAILABLE"}]},
        GetClusterCredentialsWithIAM=lambda *_: (
            f"<DbUser>{said['PGUSER']}</DbUser>"
            f"<DbPassword>{said['PGPASSWORD']}</DbPassword>"
            "<Expiration>2099-01-01T00:00:00Z</Expiration>"))
    fake.env = environment(
        tmp_path, AWS_ENDPOINT_URL=fake.url, AWS_ACCESS_KEY_ID="AKIAX",
        AWS_SECRET_ACCESS_KEY="x", AWS_REGION="eu-west-1",
        PGSSLROOTCERT=said["PGSSLROOTCERT"])
    yield fake
    fake.close()


def test_a_list_to_choose_from_and_a_name_for_next_time(world, tmp_path):
    with Terminal([REDSH, "-X", "--plain"], world.env, columns=100) as term:
        term.wait_for("Which one? [1-2, Enter: none]")
        assert "ana" in term.text() and "workgroup" in term.text()
        term.line("9")
        term.wait_until(lambda: term.text().count("Which one?") == 2, "asked")
        term.line("2")
        term.wait_for("Save it as @NAME?")
        term.line("mine")
        term.wait_for("Saved: redsh @mine")
        term.wait_for_prompt()
    text = (tmp_path / ".config/redsh/connections.conf").read_text()
    assert "[mine]\ncluster_identifier = sales\nregion = eu-west-1\n" in text
    assert "localhost" not in text
    with Terminal([REDSH, "-X", "--plain", "@mine"], world.env) as term:
        term.wait_for_prompt()
        term.line("select 40 + 2 as n;")
        term.wait_for("42")


def test_what_is_resuming_is_waited_for(world):
    world.statuses = ["resuming", "resuming", "available"]
    with Terminal([REDSH, "-X", "--plain", "--cluster", "sales"],
                  world.env) as term:
        term.wait_for("sales is resuming; waiting (Ctrl-C gives up)")
        term.wait_for_prompt()
        term.line("select 40 + 2 as n;")
        term.wait_for("42")


def test_the_wait_can_be_given_up(world):
    world.statuses = ["resuming"]
    with Terminal([REDSH, "-X", "--plain", "--cluster", "sales"],
                  world.env) as term:
        term.wait_for("waiting (Ctrl-C gives up)")
        term.send("\x03")
        term.wait_for("cancelled")
        term.wait_for_prompt(r"offline")
