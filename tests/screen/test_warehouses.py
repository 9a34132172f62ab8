"""No host is given: a list to choose from; what is resuming is waited for."""

import shlex
import subprocess

import pytest

from fake_aws import Failure, FakeAws
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


MFA = """
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = x
[profile m]
region = eu-west-1
source_profile = base
role_arn = arn:aws:iam::1:role/r
mfa_serial = arn:aws:iam::1:mfa/me
"""


def test_a_login_by_a_role_with_mfa_asks_for_its_code(world, tmp_path):
    """At the start; the catalog's connection and a lost one's successor come
    without a code, for as long as the role's keys last."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(MFA)
    (tmp_path / ".aws/config").chmod(0o600)
    codes = []

    def assume(region, form):
        codes.append(form["TokenCode"])
        if form["TokenCode"] == "000000":
            raise Failure("AccessDenied", "MultiFactorAuthentication failed "
                          "with invalid MFA one time pass code.", 403)
        return ("<Credentials><AccessKeyId>ASIA1</AccessKeyId>"
                "<SecretAccessKey>x</SecretAccessKey><SessionToken>t"
                "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
                "</Credentials>")

    world.answers["AssumeRole"] = assume
    env = {name: value for name, value in world.env.items()
           if not name.startswith(("AWS_ACCESS", "AWS_SECRET"))}
    arguments = [REDSH, "-X", "--plain", "--profile", "m",
                 "--cluster", "sales"]
    with Terminal(arguments, env, columns=120) as term:
        term.wait_for("MFA code of arn:aws:iam::1:mfa/me:")
        term.line("000000")
        term.wait_for("invalid MFA one time pass code")
    with Terminal(arguments, env, columns=120) as term:
        term.wait_for("MFA code of arn:aws:iam::1:mfa/me:")
        term.line("123456")
        term.wait_for_prompt()
        assert "123456" not in term.text()
        term.line("select 'i am ' || current_user as who;")
        term.wait_for("i am ")
        term.line("\\refresh")
        term.wait_for("Tab knows")
        term.wait_for_prompt()
        term.line("select pg_terminate_backend(pg_backend_pid());")
        term.wait_for("Attempting reset: Succeeded.")
        term.wait_for_prompt()
        assert term.text().count("MFA code of") == 1
    assert codes == ["000000", "123456"]


def test_a_script_is_told_that_a_code_is_wanted(world, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(MFA)
    env = {name: value for name, value in world.env.items()
           if not name.startswith(("AWS_ACCESS", "AWS_SECRET"))}
    done = subprocess.run([REDSH, "-X", "--profile", "m", "--cluster",
                           "sales", "-c", "select 1"], env=env,
                          capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "wants a code of the MFA device arn:aws:iam::1:mfa/me" in done.stderr
