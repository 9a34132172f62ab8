"""Logins by IAM: the three calls, the words of connection strings, renewal,
refusals. Nothing waits for a time to pass: the sandbox ends its passwords when
told, or gives out such as are as good as over."""

import os
import sqlite3
import subprocess

import pytest

from fake_aws import Failure, FakeAws
from sandbox_server import Sandbox

NAME = "redsh-sandbox"
ARN = "arn:aws:redshift:us-east-1:123456789012:"
WHO = "select current_user"


def outside(sandbox, tmp_path, **more):
    """AWS and certificates of the sandbox; no word of its database."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("PG", "AWS"))}
    env.update((name, value) for name, value in sandbox.env.items()
               if name.startswith("AWS") or name == "PGSSLROOTCERT")
    env.update(HOME=str(tmp_path), AWS_EC2_METADATA_DISABLED="true", **more)
    return env


class Shell:
    def __init__(self, sandbox, tmp_path):
        self.sandbox = sandbox
        self.env = outside(sandbox, tmp_path)

    def run(self, *arguments, script=None, **more):
        return subprocess.run(
            [os.environ["REDSH"], "-XAtq", *arguments], input=script,
            stdin=subprocess.DEVNULL if script is None else None,
            capture_output=True, text=True, check=False,
            env={**self.env, **more})

    def answer(self, *arguments, **more):
        done = self.run(*arguments, **more)
        assert (done.stderr, done.returncode) == ("", 0)
        return done.stdout.strip()

    def refusal(self, *arguments, **more):
        done = self.run(*arguments, **more)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def deny(self, *rows):
        path = self.sandbox.dir / "denied.tsv"
        path.write_text("action\tresource\n" +
                        "".join("\t".join(row) + "\n" for row in rows))

    def allow(self):
        (self.sandbox.dir / "denied.tsv").unlink(missing_ok=True)

    def passwords(self):
        """How many temporary passwords were given out and are good."""
        with sqlite3.connect(self.sandbox.dir / "logins.db") as db:
            return db.execute("select count(*) from grants").fetchone()[0]


@pytest.fixture(scope="module")
def cluster():
    running = Sandbox()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def brief():
    running = Sandbox("--login-life", "60")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def workgroup():
    running = Sandbox("--kind", "serverless")
    yield running
    running.stop()


@pytest.fixture
def shell(cluster, tmp_path):
    shell = Shell(cluster, tmp_path)
    yield shell
    shell.allow()


@pytest.fixture
def serverless(workgroup, tmp_path):
    shell = Shell(workgroup, tmp_path)
    yield shell
    shell.allow()


# ---- the three calls

def test_without_a_user_the_login_is_the_identity(shell):
    assert shell.answer("--cluster", NAME, "-c", WHO) == "sandbox"


def test_a_user_that_is_named_is_asked_for(shell):
    assert shell.answer("--cluster", NAME, "-U", "awsuser",
                        "-c", WHO) == "awsuser"


def test_a_workgroup_logs_in_as_the_identity(serverless):
    assert serverless.answer("--workgroup", NAME, "-c", WHO) == "sandbox"


def test_a_workgroup_takes_no_user(serverless):
    said = serverless.refusal("--workgroup", NAME, "-U", "bob", "-c", WHO)
    assert 'no user "bob" can be asked for' in said


def test_a_user_that_is_not_there_is_explained(shell):
    said = shell.refusal("--cluster", NAME, "-U", "ghost", "-c", WHO)
    assert 'user "IAM:ghost" does not exist' in said
    assert "auto_create=true" in said


# ---- connection strings

@pytest.mark.parametrize("string", [
    "redshift-iam://redsh-sandbox:us-east-1/dev?DbUser=new1&AutoCreate=true",
    "jdbc:redshift:iam://redsh-sandbox:us-east-1/dev;DbUser=new1"
    ";autocreate=TRUE;IAMDuration=900",
    "redshift:iam://redsh-sandbox:us-east-1/dev?db_user=NEW1&auto_create=on"
    "&force_lowercase=1",
    "iam=true cluster_identifier=redsh-sandbox db_user=new1 auto_create=true "
    "dbname='dev'",
    "cluster_identifier=redsh-sandbox db_user = new1 auto_create=true",
])
def test_the_words_of_the_drivers_are_understood(shell, string):
    assert shell.answer(string, "-c", WHO,
                        "-c", "select current_database()") == "new1\ndev"


def test_group_federation_is_the_identity(shell):
    assert shell.answer(
        f"cluster_identifier={NAME} db_user=x group_federation=true",
        "-c", WHO) == "sandbox"


def test_db_groups_are_joined(shell, cluster):
    with cluster.connect().cursor() as cursor:
        cursor.execute("create table g(a int)")
        cursor.execute("create group readers")
        cursor.execute("grant select on g to group readers")
    string = (f"cluster_identifier={NAME} db_user=joins auto_create=true "
              "db_groups=%s")
    assert shell.answer(string % "readers", "-c",
                        "select count(*) from g") == "0"
    assert "permission denied" in shell.refusal(
        string % "", "-c", "select count(*) from g")


def test_a_workgroup_by_uri(serverless):
    env = serverless.sandbox.env
    assert serverless.answer(
        f"redshift://localhost:{env['PGPORT']}/dev?workgroup={NAME}"
        "&region=us-east-1&sslmode=verify-full", "-c", WHO) == "sandbox"


def test_a_redshift_uri_may_hold_a_password(shell):
    env = shell.sandbox.env
    assert shell.answer(
        f"redshift://localhost:{env['PGPORT']}/dev;UID={env['PGUSER']};"
        f"PWD={env['PGPASSWORD']};ssl=true", "-c", WHO) == "awsuser"


@pytest.mark.parametrize("string, said", [
    ("iam=true secret_access_key=abc", "does not belong in a connection"),
    ("redshift-iam://x:us-east-1/dev?plugin_name=Okta",
     "identity providers are not supported"),
    ("iam=true auth_profile=x", "auth_profile is not supported"),
    ("iam=maybe", 'iam is true or false, not "maybe"'),
    ("iam=true duration=5", 'duration is 900 to 3600 seconds, not "5"'),
    ("iam=true nosuch=1", 'invalid connection option "nosuch"'),
    ("iam=true host=localhost", "needs to know which cluster or workgroup"),
    ("cluster_identifier=a workgroup=b", "not both"),
    ("iam=true host=v-endpoint-0ab.abc.us-east-1.redshift.amazonaws.com",
     "is the name of a VPC endpoint"),
])
def test_what_cannot_be_done_is_refused_by_name(shell, string, said):
    stderr = shell.refusal(string, "-c", WHO)
    assert said in stderr
    assert "abc" not in stderr.replace("0ab.abc", "")


# ---- renewal

def test_a_session_outlasts_its_password_and_a_new_one_is_fetched(shell):
    script = f"{WHO};\n\\! $REDSH_SANDBOX expire --dir {shell.sandbox.dir}\n" \
             f"{WHO};\n\\c dev\n{WHO};\n"
    assert shell.answer("--cluster", NAME, script=script).split() \
        == ["sandbox"] * 3
    assert shell.passwords() == 1


def test_a_password_that_is_good_is_used_again(shell):
    shell.sandbox.call("expire")
    shell.answer("--cluster", NAME, script=f"\\c dev\n\\c dev\n{WHO};\n")
    assert shell.passwords() == 1
    shell.answer(f"cluster_identifier={NAME} iam_disable_cache=true",
                 script=f"\\c dev\n{WHO};\n")
    assert shell.passwords() == 3


def test_a_password_that_is_about_to_end_is_not_used_again(brief, tmp_path):
    shell = Shell(brief, tmp_path)
    brief.call("expire")
    shell.answer("--cluster", NAME, script=f"\\c dev\n\\c dev\n{WHO};\n")
    assert shell.passwords() == 3


def test_the_catalog_gets_a_password_of_its_own(shell):
    script = f"\\! $REDSH_SANDBOX expire --dir {shell.sandbox.dir}\n" \
             "\\refresh\n"
    shell.answer("--cluster", NAME, script=script)
    assert shell.passwords() == 1


def test_another_user_is_another_login(shell):
    assert shell.answer(
        f"cluster_identifier={NAME} auto_create=true db_user=one",
        script=f"{WHO};\n\\c - two\n{WHO};\n\\c\n{WHO};\n"
    ).split() == ["one", "two", "two"]


def test_the_password_stays_in_memory(shell, tmp_path):
    log = tmp_path / "debug"
    shell.answer("--cluster", NAME, "--debug-log", str(log), "-c", WHO)
    text = log.read_text()
    assert "GetClusterCredentialsWithIAM" in text or "connected to" in text
    assert "DbPassword" not in text


# ---- refusals

@pytest.mark.parametrize("action, resource, arguments, needs", [
    ("redshift:GetClusterCredentials", "*:dbuser:*", ["-U", "awsuser"],
     f"redshift:GetClusterCredentials on {ARN}dbuser:{NAME}/awsuser and "
     f"{ARN}dbname:{NAME}/dev"),
    ("redshift:GetClusterCredentials", "*:dbname:*", ["-U", "awsuser"],
     f"{ARN}dbname:{NAME}/dev"),
    ("redshift:GetClusterCredentialsWithIAM", "*", [],
     f"redshift:GetClusterCredentialsWithIAM on {ARN}dbname:{NAME}/dev"),
])
def test_who_may_not_log_in_is_told_what_is_missing(
        shell, action, resource, arguments, needs):
    shell.deny((action, resource))
    said = shell.refusal("--cluster", NAME, *arguments, "-c", WHO)
    assert f"no login to cluster {NAME}" in said
    assert f"is not authorized to perform: {action} on resource: {ARN}" in said
    assert needs in said.split("HINT:")[1]
    shell.allow()
    shell.answer("--cluster", NAME, *arguments, "-c", WHO)


def test_making_users_is_a_permission_of_its_own(shell):
    shell.deny(("redshift:CreateClusterUser", "*"))
    said = shell.refusal(f"cluster_identifier={NAME} auto_create=true "
                         "db_user=fresh", "-c", WHO)
    assert "perform: redshift:CreateClusterUser" in said
    assert "redshift:CreateClusterUser on the same dbuser" in said


def test_a_workgroup_s_refusal(serverless):
    serverless.deny(("redshift-serverless:GetCredentials", "*"))
    said = serverless.refusal("--workgroup", NAME, "-c", WHO)
    assert "redshift-serverless:GetCredentials on arn:aws:redshift-" \
           "serverless:us-east-1:123456789012:workgroup/" in said


def test_a_renewal_that_is_refused_is_told_and_kept_out(shell):
    script = (f"{WHO};\n\\! $REDSH_SANDBOX expire --dir {shell.sandbox.dir}\n"
              "\\! printf 'action\\tresource\\n*\\t*\\n' > "
              f"{shell.sandbox.dir}/denied.tsv\n\\c dev\n{WHO};\n")
    done = shell.run("--cluster", NAME, script=script)
    assert done.stdout.split() == ["sandbox"]
    assert "access denied" in done.stderr


@pytest.mark.parametrize("arguments", [
    ["--cluster", "nowhere"], ["--workgroup", "nowhere"]])
def test_what_does_not_exist(shell, arguments):
    said = shell.refusal(*arguments, "-c", WHO)
    assert "nowhere" in said and "HINT:" in said


def test_a_digest_password_has_its_way_out(shell, cluster):
    with cluster.connect().cursor() as cursor:
        cursor.execute("drop user if exists digested; create user digested "
                       "password 'sha256|Mypassword1'")
    env = {name: value for name, value in cluster.env.items()
           if name.startswith("PG")}
    said = shell.refusal("-U", "digested", "-c", WHO,
                         **{**env, "PGPASSWORD": "Mypassword1"})
    assert "stored as SHA-256" in said and "\\password" in said


# ---- domains

def xml(**fields):
    return "".join(f"<{name}>{value}</{name}>"
                   for name, value in fields.items())


@pytest.mark.parametrize("may_describe", [True, False])
def test_a_domain_of_one_s_own_is_looked_up(shell, may_describe):
    env = shell.sandbox.env

    def describe(region, parameters):
        assert parameters["CustomDomainName"] == "dw.example.test"
        if not may_describe:
            raise Failure("AccessDenied", "no", 403)
        inner = xml(ClusterIdentifier="found")
        return ("<Associations><Association><CertificateAssociations>"
                f"<CertificateAssociation>{inner}</CertificateAssociation>"
                "</CertificateAssociations></Association></Associations>")

    def login(region, parameters):
        assert region == "eu-west-1"
        key = "ClusterIdentifier" if may_describe else "CustomDomainName"
        assert parameters[key] == "found" if may_describe \
            else "dw.example.test"
        return xml(DbUser=env["PGUSER"], DbPassword=env["PGPASSWORD"],
                   Expiration="2099-01-01T00:00:00Z")

    fake = FakeAws({"DescribeCustomDomainAssociations": describe,
                    "GetClusterCredentialsWithIAM": login})
    try:
        assert shell.answer(
            "iam=true host=dw.example.test hostaddr=127.0.0.1 dbname=dev "
            f"region=eu-west-1 port={env['PGPORT']} sslmode=require",
            "-c", WHO, AWS_ENDPOINT_URL=fake.url) == "awsuser"
    finally:
        fake.close()
    assert [ask[0] for ask in fake.asked] == [
        "DescribeCustomDomainAssociations", "GetClusterCredentialsWithIAM"]


def test_the_host_s_name_says_cluster_and_region(shell):
    env = shell.sandbox.env
    fake = FakeAws({"GetClusterCredentialsWithIAM": lambda *_: xml(
        DbUser=env["PGUSER"], DbPassword=env["PGPASSWORD"],
        Expiration="2099-01-01T00:00:00Z")})
    try:
        assert shell.answer(
            "iam=true host=Sales.abc.ap-south-1.redshift.amazonaws.com "
            f"hostaddr=127.0.0.1 dbname=dev port={env['PGPORT']} "
            "sslmode=require", "-c", WHO,
            AWS_ENDPOINT_URL=fake.url) == "awsuser"
    finally:
        fake.close()
    operation, region, parameters = fake.asked[0]
    assert region == "ap-south-1"
    assert parameters == {"ClusterIdentifier": "sales", "DbName": "dev"}


def test_a_change_of_the_aws_side_leaves_the_session_alone(shell):
    script = f"\\refresh\n\\aws region us-east-1\n\\refresh\n{WHO};\n" \
             f"\\c dev\n{WHO};\n"
    done = shell.run("--cluster", NAME, script=script)
    assert done.stdout.split()[-2:] == ["sandbox", "sandbox"]
    assert done.returncode == 0


def test_a_profile_of_the_connection_string_is_used(shell, tmp_path):
    """Two profiles with keys of their own, one of which nobody knows."""
    env = dict(shell.env)
    keys = {name: env.pop(name) for name in ("AWS_ACCESS_KEY_ID",
                                             "AWS_SECRET_ACCESS_KEY")}
    config = tmp_path / "credentials"
    config.write_text(
        f"[good]\naws_access_key_id = {keys['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {keys['AWS_SECRET_ACCESS_KEY']}\n"
        "[bad]\naws_access_key_id = AKIANOBODY\n"
        "aws_secret_access_key = nothing\n")
    config.chmod(0o600)
    shell.env = {**env, "AWS_SHARED_CREDENTIALS_FILE": str(config)}
    good, bad = (f"cluster_identifier={NAME} profile={name}"
                 for name in ("good", "bad"))
    script = f"{WHO};\n\\refresh\n\\c '{bad}'\n"
    done = shell.run(good, script=script)
    assert done.stdout.split()[:1] == ["sandbox"]
    assert "AWS does not know the access key id" in done.stderr
    assert shell.answer(good, script=f"\\c '{good} dbname=dev'\n{WHO};\n"
                        ).splitlines()[-1] == "sandbox"
